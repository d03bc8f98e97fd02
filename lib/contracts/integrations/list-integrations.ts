import { contract } from '../contract.ts';
import { PageQuery, pageOf } from '../page.ts';
import { IntegrationAnswer } from './integration.ts';

/** The partner's connected billing exports. */
export const listIntegrations = contract({
  operationId: 'listIntegrations',
  method: 'GET',
  path: '/v1/integrations',
  tag: 'Integrations',
  summary: 'List integrations',
  roles: ['partner'],
  query: PageQuery,
  status: 200,
  answer: pageOf(IntegrationAnswer),
  problems: [],
});
