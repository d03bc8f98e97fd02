import type { CustomerId } from '../../lib/domain/ids.ts';
import { billRow, costs } from './bill-row.ts';
import { type BillRow, csvOf } from './csv.ts';
import { openProduct, type Product } from './open-product.ts';

/** Rows of two customers over services, days and sub accounts, one row of nobody's, and costs with many digits. */
export const SMALL_BILL: readonly BillRow[] = [
  row('111111111111', 'Amazon EC2', '05', '12.345678901234'),
  row('111111111111', 'Amazon EC2', '06', '0.000000000001'),
  row('111111111111', 'Amazon S3', '06', '7.1'),
  row('222222222222', 'Amazon S3', '06', '-2.75'),
  row('222222222222', 'AWS Support', '31', '100'),
  row('333333333333', 'Amazon EC2', '05', '41.99'),
  row(undefined, 'Amazon EC2', '05', '3'),
];

/** The partner's customers and their sub accounts. */
export const OWNED = { Contoso: ['111111111111', '222222222222'], Fabrikam: ['333333333333'] } as const;

/** The product with the small bill published, priced by `rules`; `open` starts another machine than the template's. */
export async function openSmallPartner(
  rules: readonly unknown[],
  open: () => Promise<Product> = openProduct,
): Promise<{ product: Product; ids: Readonly<Record<keyof typeof OWNED, CustomerId>> }> {
  const product = await open();
  await product.connect('acme');
  const customers = Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] }));
  const ids = await product.configure({ partner: { name: 'Partner', currency: 'USD' }, customers, rules });
  const idOf = (name: keyof typeof OWNED) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`${name} was not made`);
    return id;
  };
  await product.receive('acme', 'bill.csv', csvOf(SMALL_BILL));
  await product.published();
  return { product, ids: { Contoso: idOf('Contoso'), Fabrikam: idOf('Fabrikam') } };
}

function row(SubAccountId: string | undefined, ServiceName: string, day: string, cost: string): BillRow {
  const ChargePeriodStart = `2025-03-${day}T00:00:00Z`;
  const ChargePeriodEnd = `2025-03-${day}T01:00:00Z`;
  const SubAccountName = SubAccountId === undefined ? undefined : `Account ${SubAccountId.slice(0, 3)}`;
  return billRow({ SubAccountId, SubAccountName, ServiceName, ChargePeriodStart, ChargePeriodEnd, ...costs(cost) });
}
