import type { getCustomer as contract } from '../../contracts/customers/get-customer.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { UseCase } from '../use-case.ts';
import { requireCustomer } from './require-customer.ts';

/** Answers one customer tenant. */
export const getCustomer =
  (deps: { customers: CustomerStore }): UseCase<typeof contract> =>
  async ({ params }) => {
    const customer = await requireCustomer(deps.customers, params.customerId);
    return { body: customer, version: customer.version };
  };
