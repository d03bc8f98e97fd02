import { contract } from '../contract.ts';
import { CustomerAnswer, CustomerPath } from './customer.ts';

/** One customer tenant. */
export const getCustomer = contract({
  operationId: 'getCustomer',
  method: 'GET',
  path: '/v1/customers/{customerId}',
  tag: 'Customers',
  summary: 'Get a customer',
  roles: ['partner'],
  params: CustomerPath,
  status: 200,
  answer: CustomerAnswer,
  etag: true,
  problems: ['not_found'],
});
