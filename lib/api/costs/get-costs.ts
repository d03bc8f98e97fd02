import { z } from 'zod';
import type { Caller } from '../../contracts/contract.ts';
import type { getCosts as contract } from '../../contracts/costs/get-costs.ts';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { CustomerId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { CustomerLedger } from '../../ports/customer-ledger.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { requireCustomer } from '../customers/require-customer.ts';
import type { UseCase } from '../use-case.ts';
import { costsStatement } from './costs-statement.ts';

interface Deps {
  readonly ledger: CustomerLedger;
  readonly customers: CustomerStore;
  readonly periods: Pick<PeriodStore, 'list'>;
}

/** A SUM over nothing but nulls is null: it adds nothing. */
const Amount = z
  .string()
  .nullable()
  .transform((text) => decimalString(new ExactDecimal(text ?? 0)));

/** A row of the statement. */
const CostsRow = z
  .object({
    group_key: z.string().nullable(),
    group_name: z.string().nullable(),
    BillingCurrency: z.string(),
    row_count: z.coerce.number().int(),
    BilledCost: Amount,
    EffectiveCost: Amount,
    ListCost: Amount,
    ContractedCost: Amount,
  })
  .transform(({ group_key, group_name, row_count, ...rest }) => ({
    key: group_key,
    name: group_name,
    rows: row_count,
    ...rest,
  }));

/** A customer's costs of a period, grouped, from the published tables only. */
export const getCosts =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ caller, query: { period, groupBy, customerId: asked } }) => {
    const customerId = customerOf(caller, asked);
    if (caller.role === 'partner') await requireCustomer(deps.customers, customerId);
    const rows = await deps.ledger.query(customerId, costsStatement(customerId, period, groupBy));
    const items = rows.map((row) => CostsRow.parse(withFocusNames(row)));
    const published = (await deps.periods.list()).flatMap((one) =>
      one.period === period ? (one.published ?? []) : [],
    );
    const publishedAt = published.filter(({ owners }) => owners.includes(customerId)).map((one) => one.publishedAt);
    return {
      body: {
        customerId,
        period,
        groupBy,
        publishedAt: publishedAt.sort().at(-1) ?? null,
        items,
        totals: totalsOf(items),
      },
    };
  };

/** A customer's user reads its own; the partner says whose. */
function customerOf(caller: Caller, asked: CustomerId | undefined): CustomerId {
  if (caller.role === 'partner') {
    if (asked === undefined)
      throw new Problem('invalid_request', {
        errors: [{ pointer: 'query/customerId', detail: 'the partner names the customer' }],
      });
    return asked;
  }
  if (asked !== undefined && asked !== caller.customerId) throw new Problem('customer_scope', {});
  return CustomerId.parse(caller.customerId);
}

/** Athena answers column names in lower case. */
function withFocusNames(row: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const names = ['BillingCurrency', 'BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'];
  const spelt = new Map(names.map((name) => [name.toLowerCase(), name] as const));
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [spelt.get(name.toLowerCase()) ?? name, value]));
}

function sumOf(amounts: readonly string[]): string {
  return decimalString(amounts.reduce((sum, amount) => sum.plus(amount), new ExactDecimal(0)));
}

function totalsOf(items: readonly z.output<typeof CostsRow>[]) {
  return [...Map.groupBy(items, ({ BillingCurrency }) => BillingCurrency)].map(([BillingCurrency, group]) => ({
    BillingCurrency,
    rows: group.reduce((sum, { rows }) => sum + rows, 0),
    BilledCost: sumOf(group.map((one) => one.BilledCost)),
    EffectiveCost: sumOf(group.map((one) => one.EffectiveCost)),
    ListCost: sumOf(group.map((one) => one.ListCost)),
    ContractedCost: sumOf(group.map((one) => one.ContractedCost)),
  }));
}
