import { contract } from '../contract.ts';
import { INTEGRATIONS_MOST, IntegrationAnswer, IntegrationInput } from './integration.ts';

/** Connects a billing export: its id is the folder of the landing bucket it delivers to. */
export const createIntegration = contract({
  operationId: 'createIntegration',
  method: 'POST',
  path: '/v1/integrations',
  tag: 'Integrations',
  summary: 'Create an integration',
  description: `At most ${INTEGRATIONS_MOST}.`,
  roles: ['partner'],
  body: IntegrationInput,
  status: 201,
  answer: IntegrationAnswer,
  etag: true,
  problems: ['integration_exists', 'too_many_items'],
});
