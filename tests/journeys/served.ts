import { lakeOf } from '../../infra/cli/lake-of.ts';
import { getCosts } from '../../lib/contracts/costs/get-costs.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { publishedRoot } from '../../lib/names/lake-keys.ts';
import { TABLES } from '../../lib/names/tables.ts';
import type { Product } from './open-product.ts';

const ROOTS = [TABLES.customerCharges, TABLES.waterfall, TABLES.costs].map(publishedRoot);

/** All that a reader can find of a period, by every way there is: pointers, lists, and customers' costs over the API. */
export async function served({ machine, api }: Product, period: string, customers: Iterable<CustomerId>) {
  const pointers = (await api.call(listPeriods)).body.items.filter((one) => one.period === period);
  const lake = lakeOf(machine);
  const keys = (await Promise.all(ROOTS.map((root) => lake.list(root)))).flat().map(({ key }) => key);
  const lists = await Promise.all(keys.map(async (key) => [key, (await lake.readText(key))?.text ?? ''] as const));
  const costs = await Promise.all(
    [...customers].map(async (customerId) => {
      const { items, totals, publishedAt } = (await api.call(getCosts, { query: { period, customerId } })).body;
      return { items, totals, publishedAt };
    }),
  );
  return { published: pointers.map((one) => one.published), lists: new Map(lists), costs };
}
