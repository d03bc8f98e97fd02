import type { createCustomer as contract } from '../../contracts/customers/create-customer.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { UseCase } from '../use-case.ts';

/** Adds a customer tenant under a name that no other has. */
export const createCustomer =
  (deps: { customers: CustomerStore; clock: Clock; newCustomerId: () => CustomerId }): UseCase<typeof contract> =>
  async ({ body: { name } }) => {
    const customer = { id: deps.newCustomerId(), name, createdAt: deps.clock.now().toISOString(), version: 1 };
    if ((await deps.customers.add(customer)) === 'name_taken') throw new Problem('customer_name_taken', { name });
    return { body: customer, version: customer.version };
  };
