import type { createIntegration as contract } from '../../contracts/integrations/create-integration.ts';
import { Problem } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IntegrationStore } from '../../ports/integration-store.ts';
import type { UseCase } from '../use-case.ts';

/** Connects a billing export under an id that is free. */
export const createIntegration =
  (deps: { integrations: IntegrationStore; clock: Clock }): UseCase<typeof contract> =>
  async ({ body }) => {
    const integration = { ...body, createdAt: deps.clock.now().toISOString(), version: 1 };
    if ((await deps.integrations.add(integration)) === 'exists')
      throw new Problem('integration_exists', { id: body.id });
    return { body: integration, version: integration.version };
  };
