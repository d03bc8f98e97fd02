import { z } from 'zod';
import { decimalString, ExactDecimal } from '../../domain/exact-decimal.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import type { QueryRow } from '../../ports/query-engine.ts';

/** A SUM over nothing but nulls is null: it adds nothing. */
const Amount = z
  .string()
  .nullable()
  .transform((text) => decimalString(new ExactDecimal(text ?? 0)));

/** A row of the statement. */
const Row = z
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

/** A line of a customer's costs. */
export type CostsRow = z.output<typeof Row>;

/** Athena answers column names in lower case. */
const FOCUS_NAMES = new Map(['BillingCurrency', ...COST_COLUMNS].map((name) => [name.toLowerCase(), name] as const));

/** A row of `costsStatement` as answered. */
export function parseCostsRow(row: QueryRow): CostsRow {
  return Row.parse(
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [FOCUS_NAMES.get(name.toLowerCase()) ?? name, value]),
    ),
  );
}

/** The lines' sums by currency. */
export function totalsOf(rows: readonly CostsRow[]) {
  return [...Map.groupBy(rows, ({ BillingCurrency }) => BillingCurrency)].map(([BillingCurrency, group]) => ({
    BillingCurrency,
    rows: group.reduce((sum, one) => sum + one.rows, 0),
    BilledCost: sumOf(group.map((one) => one.BilledCost)),
    EffectiveCost: sumOf(group.map((one) => one.EffectiveCost)),
    ListCost: sumOf(group.map((one) => one.ListCost)),
    ContractedCost: sumOf(group.map((one) => one.ContractedCost)),
  }));
}

function sumOf(amounts: readonly string[]): string {
  return decimalString(amounts.reduce((sum, amount) => sum.plus(amount), new ExactDecimal(0)));
}
