import type { ApiClient } from '../../../infra/cli/api-client.ts';
import { getCosts } from '../../../lib/contracts/costs/get-costs.ts';
import { listCustomers } from '../../../lib/contracts/customers/list-customers.ts';
import { inParallel } from '../../../lib/pipeline/in-parallel.ts';

/**
 * What the API answers as each customer's costs, by the customer's name: asked of Athena under the role that may see that
 * one customer only.
 */
export async function costsByCustomer(api: ApiClient, period: string): Promise<ReadonlyMap<string, unknown>> {
  const { items } = (await api.call(listCustomers)).body;
  const costs = await inParallel(items, 2, async ({ id, name }) => {
    const { body } = await api.call(getCosts, { query: { customerId: id, period } as never });
    const { customerId: _, publishedAt: _at, ...rest } = body;
    return [name, rest] as const;
  });
  return new Map(costs);
}
