import { contract } from '../contract.ts';
import { PageQuery, pageOf } from '../page.ts';
import { CustomerAnswer } from './customer.ts';

/** The partner's customer tenants. */
export const listCustomers = contract({
  operationId: 'listCustomers',
  method: 'GET',
  path: '/v1/customers',
  tag: 'Customers',
  summary: 'List customers',
  roles: ['partner'],
  query: PageQuery,
  status: 200,
  answer: pageOf(CustomerAnswer),
  problems: [],
});
