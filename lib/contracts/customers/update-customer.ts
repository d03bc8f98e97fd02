import { contract } from '../contract.ts';
import { CustomerAnswer, CustomerInput, CustomerPath } from './customer.ts';

/** Replaces the name and the commitment policy of a customer tenant; open periods are priced again. */
export const updateCustomer = contract({
  operationId: 'updateCustomer',
  method: 'PUT',
  path: '/v1/customers/{customerId}',
  tag: 'Customers',
  summary: 'Update a customer',
  roles: ['partner'],
  params: CustomerPath,
  body: CustomerInput,
  status: 200,
  answer: CustomerAnswer,
  ifMatch: 'required',
  etag: true,
  problems: ['not_found', 'customer_name_taken', 'conflict'],
});
