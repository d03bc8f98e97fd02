import type { CustomerId } from '../../lib/domain/ids.ts';
import type { ApiClient } from './api-client.ts';
import { customersByName } from './customers-by-name.ts';
import { CommandError, EXIT } from './exit-with.ts';

/** The id of the customer of this name; a CommandError that names those there are where it is none of them. */
export async function requireCustomerNamed(api: ApiClient, name: string): Promise<CustomerId> {
  const customers = await customersByName(api);
  const customerId = customers.get(name);
  if (customerId === undefined)
    throw new CommandError(
      EXIT.badInput,
      `There is no customer "${name}". Customers are: ${[...customers.keys()].join(', ') || 'none'}.`,
    );
  return customerId;
}
