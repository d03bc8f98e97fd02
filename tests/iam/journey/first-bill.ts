import type { CustomerId } from '../../../lib/domain/ids.ts';
import { csvOf } from '../../journeys/csv.ts';
import type { Product } from '../../journeys/open-product.ts';
import { OWNED, SMALL_BILL } from '../../journeys/small-partner.ts';
import { registered, upToDate } from './up-to-date.ts';

/** A rule of each kind that reads or writes other objects: of rows, of additions, and of the whole of published rows. */
export const RULES = [
  {
    name: 'Uplift',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '10',
    startDate: '2025-01-01',
    customers: 'all',
  },
  {
    name: 'Care',
    type: 'charge',
    amount: '300',
    serviceName: 'Managed care',
    startDate: '2025-03-01',
    customers: ['Contoso'],
  },
  { name: 'Support', type: 'percentage_charge', percent: '3', startDate: '2025-03-01', customers: ['Contoso'] },
];

/** Two customers with a bill that is priced and published, and additions. */
export async function publishFirstBill(product: Product): Promise<ReadonlyMap<string, CustomerId>> {
  await product.connect('acme');
  const customers = Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] }));
  const ids = await product.configure({ partner: { name: 'Partner', currency: 'USD' }, customers, rules: RULES });
  await registered(product, 'bill.csv', csvOf(SMALL_BILL));
  await upToDate(product);
  return ids;
}
