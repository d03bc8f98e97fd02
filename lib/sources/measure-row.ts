import { COST_COLUMNS, type CostColumn } from '../focus/columns.ts';
import { exactSum } from './exact-sum.ts';

/** Control totals of one delivered (currency, sub account, provider), as plain decimals. Null ids: the rows name none. */
export interface MeasureRow {
  readonly BillingCurrency: string;
  readonly SubAccountId: string | null;
  readonly ProviderName: string | null;
  readonly rows: number;
  readonly costs: Readonly<Record<CostColumn, MeasuredCost>>;
  /** Σ of the rows' fingerprints (`measured-content.ts`), a whole number. */
  readonly content: string;
}

/** One cost of a `MeasureRow`: Σ of the amounts rounded to 12 decimals each, their exact Σ, and how many were null. */
export interface MeasuredCost {
  readonly rounded: string;
  readonly exact: string;
  readonly nulls: number;
}

/**
 * Reads a row of `measureStatement`'s answer. Ids that a text format writes as empty or `NULL` become null, so several
 * rows may name the same (currency, sub account, provider).
 */
export function parseMeasureRow(row: Readonly<Record<string, string | null>>): MeasureRow {
  const cell = (name: string): string | null => {
    const value = row[name];
    if (value === undefined) throw new Error(`the measure statement answered without ${name}`);
    return value;
  };
  const id = (name: string) => {
    const value = cell(name);
    return value === '' || value === 'NULL' ? null : value;
  };
  const count = (name: string) => Number(cell(name) ?? 0);
  const costs = Object.fromEntries(
    COST_COLUMNS.map((cost) => {
      const part = (suffix: string) => cell(`${cost.toLowerCase()}_${suffix}`);
      const rounded = { text: part('rounded') };
      const beyond = [
        { text: part('beyond12') },
        { text: part('beyond22') },
        { text: part('beyond36'), shiftedBy: 36 },
      ];
      return [
        cost,
        {
          rounded: exactSum([rounded]),
          exact: exactSum([rounded, ...beyond]),
          nulls: count(`${cost.toLowerCase()}_nulls`),
        },
      ];
    }),
  ) as Record<CostColumn, MeasuredCost>;
  return {
    BillingCurrency: id('currency') ?? '',
    SubAccountId: id('sub_account'),
    ProviderName: id('provider') ?? id('service_provider'),
    rows: count('row_count'),
    costs,
    content: cell('content') ?? '0',
  };
}
