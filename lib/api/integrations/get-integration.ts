import type { getIntegration as contract } from '../../contracts/integrations/get-integration.ts';
import { Problem } from '../../domain/problem.ts';
import type { IntegrationStore } from '../../ports/integration-store.ts';
import type { UseCase } from '../use-case.ts';

/** Answers one integration. */
export const getIntegration =
  (deps: { integrations: IntegrationStore }): UseCase<typeof contract> =>
  async ({ params: { integrationId } }) => {
    const integration = await deps.integrations.find(integrationId);
    if (!integration) throw new Problem('not_found', { what: 'integration', id: integrationId });
    return { body: integration, version: integration.version };
  };
