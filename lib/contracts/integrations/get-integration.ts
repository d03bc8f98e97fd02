import { z } from 'zod';
import { IntegrationId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { IntegrationAnswer } from './integration.ts';

/** One integration. */
export const getIntegration = contract({
  operationId: 'getIntegration',
  method: 'GET',
  path: '/v1/integrations/{integrationId}',
  tag: 'Integrations',
  summary: 'Get an integration',
  roles: ['partner'],
  params: z.object({ integrationId: IntegrationId.meta({ description: 'The integration’s id.' }) }),
  status: 200,
  answer: IntegrationAnswer,
  etag: true,
  problems: ['not_found'],
});
