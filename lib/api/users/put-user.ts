import type { putUser as contract } from '../../contracts/users/put-user.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { UserStore } from '../../ports/user-store.ts';
import { requireCustomer } from '../customers/require-customer.ts';
import type { UseCase } from '../use-case.ts';

/** Says what the holder of a token may do; the customer must exist. */
export const putUser =
  (deps: { users: UserStore; customers: CustomerStore }): UseCase<typeof contract> =>
  async ({ params: { sub }, body }) => {
    if (body.role === 'customer') await requireCustomer(deps.customers, body.customerId);
    const user = { sub, ...body };
    await deps.users.put(user);
    return { body: user };
  };
