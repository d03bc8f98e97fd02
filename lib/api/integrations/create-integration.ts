import type { createIntegration as contract } from '../../contracts/integrations/create-integration.ts';
import { INTEGRATIONS_MOST } from '../../contracts/integrations/integration.ts';
import { Problem } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IntegrationStore } from '../../ports/integration-store.ts';
import type { UseCase } from '../use-case.ts';

/** Connects a billing export under an id that is free. */
export const createIntegration =
  (deps: { integrations: IntegrationStore; clock: Clock }): UseCase<typeof contract> =>
  async ({ body }) => {
    const { items } = await deps.integrations.list({ limit: INTEGRATIONS_MOST });
    if (items.length === INTEGRATIONS_MOST && items.every(({ id }) => id !== body.id))
      throw new Problem('too_many_items', { what: 'integrations', most: INTEGRATIONS_MOST, got: items.length + 1 });
    const integration = { ...body, createdAt: deps.clock.now().toISOString(), version: 1 };
    if ((await deps.integrations.add(integration)) === 'exists')
      throw new Problem('integration_exists', { id: body.id });
    return { body: integration, version: integration.version };
  };
