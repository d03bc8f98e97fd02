import type { listIntegrations as contract } from '../../contracts/integrations/list-integrations.ts';
import type { IntegrationStore } from '../../ports/integration-store.ts';
import { answerPage } from '../answer-page.ts';
import type { UseCase } from '../use-case.ts';

/** Lists the partner's integrations. */
export const listIntegrations =
  (deps: { integrations: IntegrationStore }): UseCase<typeof contract> =>
  async ({ query }) => ({ body: answerPage(await deps.integrations.list(query), (integration) => integration) });
