import { z } from 'zod';

import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';
import type { MeasureRow } from '../../sources/measure-row.ts';
import { sumExactly } from './sum-exactly.ts';

const PlainDecimal = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const Measured = z.object({ rounded: PlainDecimal, exact: PlainDecimal, nulls: z.int().nonnegative() });

/** Control totals of one (currency, sub account, provider): what the written files are held against. */
export const ControlTotal = z.object({
  BillingCurrency: z.string(),
  SubAccountId: z.string().nullable(),
  ProviderName: z.string().nullable(),
  rows: z.int().nonnegative(),
  costs: z.object({ BilledCost: Measured, EffectiveCost: Measured, ListCost: Measured, ContractedCost: Measured }),
  /** Σ of the rows' fingerprints; totals from before they were taken have none. */
  content: z.string().regex(/^\d+$/).optional(),
});
export type ControlTotal = z.infer<typeof ControlTotal>;

/** All control totals of a run (`LAKE.totals`), one per (currency, sub account, provider), in a fixed order. */
export const ControlTotals = z.array(ControlTotal);
export type ControlTotals = z.infer<typeof ControlTotals>;

/** Adds up what MeasureBill's rows say of the same (currency, sub account, provider): one id can be delivered in several spellings of null. */
export function controlTotalsOf(rows: readonly MeasureRow[]): ControlTotals {
  const groups = Map.groupBy(rows, ({ BillingCurrency, SubAccountId, ProviderName }) =>
    JSON.stringify([BillingCurrency, SubAccountId, ProviderName]),
  );
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => addUp(group));
}

function addUp(group: readonly MeasureRow[]): ControlTotal[] {
  const [first] = group;
  if (first === undefined) return [];
  const measured = (column: CostColumn) => ({
    rounded: sumExactly(group.map(({ costs }) => costs[column].rounded)),
    exact: sumExactly(group.map(({ costs }) => costs[column].exact)),
    nulls: group.reduce((nulls, { costs }) => nulls + costs[column].nulls, 0),
  });
  const { BillingCurrency, SubAccountId, ProviderName } = first;
  const rows = group.reduce((sum, row) => sum + row.rows, 0);
  const content = sumExactly(group.map((row) => row.content));
  return [{ BillingCurrency, SubAccountId, ProviderName, rows, costs: perCost(measured), content }];
}

/** One value for each of the four costs, in the order of the summary. */
export function perCost<Value>(of: (column: CostColumn) => Value): Record<CostColumn, Value> {
  return Object.fromEntries(COST_COLUMNS.map((column) => [column, of(column)])) as Record<CostColumn, Value>;
}
