import { IntegrationId } from '../../domain/ids.ts';
import { contract } from '../contract.ts';
import { PageQuery, pageOf } from '../page.ts';
import { DeliveryAnswer } from './delivery.ts';

/** What was delivered, newest first. */
export const listDeliveries = contract({
  operationId: 'listDeliveries',
  method: 'GET',
  path: '/v1/deliveries',
  tag: 'Deliveries and runs',
  summary: 'List deliveries',
  roles: ['partner'],
  query: PageQuery.extend({
    integrationId: IntegrationId.optional().meta({ description: 'Of this integration only.' }),
  }),
  status: 200,
  answer: pageOf(DeliveryAnswer),
  problems: [],
});
