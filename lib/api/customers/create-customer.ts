import type { createCustomer as contract } from '../../contracts/customers/create-customer.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { touchedByCustomer } from '../../domain/touched-by.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { askRepricing, type Repricing } from '../ask-repricing.ts';
import type { UseCase } from '../use-case.ts';

interface Deps {
  readonly customers: CustomerStore;
  readonly clock: Clock;
  readonly newCustomerId: () => CustomerId;
  readonly repricing: Repricing;
}

/** Adds a customer tenant under a name that no other has. Rules for "all" mean it too, so charges are priced again. */
export const createCustomer =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ body: { name, commitments } }) => {
    const customer: CustomerTenant = {
      id: deps.newCustomerId(),
      name,
      ...(commitments === undefined ? {} : { commitments }),
      createdAt: deps.clock.now().toISOString(),
      version: 1,
    };
    if ((await deps.customers.add(customer)) === 'name_taken') throw new Problem('customer_name_taken', { name });
    await askRepricing(deps.repricing, touchedByCustomer(customer));
    return { body: customer, version: customer.version };
  };
