import { contract } from '../contract.ts';
import { CustomerAnswer, CustomerInput } from './customer.ts';

/** A new customer tenant; it owns nothing until sub accounts are assigned. */
export const createCustomer = contract({
  operationId: 'createCustomer',
  method: 'POST',
  path: '/v1/customers',
  tag: 'Customers',
  summary: 'Create a customer',
  roles: ['partner'],
  body: CustomerInput,
  status: 201,
  answer: CustomerAnswer,
  etag: true,
  problems: ['customer_name_taken', 'conflict'],
});
