import { ChargeDays } from '../../domain/touched.ts';
import type { CostColumn } from '../../focus/columns.ts';
import type { Database } from '../../ports/database.ts';
import { perCost } from './control-totals.ts';
import { sumExactly } from './sum-exactly.ts';
import type { FourSums, WrittenTotals } from './written-totals.ts';

type Row = Readonly<Record<string, string | null>>;

/** Reads what `measureResults` has added up. */
export async function readWrittenTotals(database: Database): Promise<WrittenTotals> {
  const costs = await database.rows('SELECT * FROM cost_totals');
  const charges = await database.rows('SELECT * FROM charge_totals');
  const deltas = await database.rows('SELECT * FROM delta_totals');
  return {
    costs: costs.map((row) => ({
      ...ofOwner(row),
      resolvedOwner: text(row, 'resolved_owner'),
      SubAccountId: row.sub_account ?? null,
      nulls: perCost((column: CostColumn) => count(row, `${column}_nulls`)),
      content: text(row, 'content'),
    })),
    charges: charges.map((row) => ({
      ...ofOwner(row),
      foreignRows: count(row, 'foreign_rows'),
      furtherParts: count(row, 'further_parts'),
    })),
    deltas: deltas.map((row) => ({
      ...ofOwner(row),
      stage: text(row, 'stage'),
      ruleId: row.rule_id ?? null,
      ruleVersion: row.rule_version == null ? null : Number(row.rule_version),
      otherRuleId: row.other_rule_id ?? null,
      isApplied: row.is_applied === 'true',
      warningCode: row.warning_code ?? null,
    })),
    days: await daysOf(database),
    repeatedCharges: await countOf(database, 'SELECT count(*) - count(DISTINCT id) AS n FROM charge_ids'),
    repeatedCosts: await countOf(database, 'SELECT count(*) - count(DISTINCT id) AS n FROM cost_ids'),
    chargesWithoutCost: await countOf(
      database,
      'SELECT count(*) AS n FROM charge_ids AS charged ANTI JOIN cost_ids AS cost ON cost.file_owner = charged.file_owner AND cost.id = charged.delivered_id',
    ),
  };
}

async function daysOf(database: Database): Promise<ChargeDays | null> {
  const [days] = await database.rows('SELECT min(first_day) AS first, max(last_day) AS last FROM cost_days');
  return ChargeDays.nullable().parse(days?.first ? days : null);
}

function ofOwner(row: Row): { owner: string; BillingCurrency: string; rows: number; sums: FourSums } {
  return {
    owner: text(row, 'file_owner'),
    BillingCurrency: row.currency ?? '',
    rows: count(row, 'row_count'),
    sums: perCost((column: CostColumn) => sumExactly([text(row, `${column}_sum`)])),
  };
}

async function countOf(database: Database, select: string): Promise<number> {
  const [row] = await database.rows(select);
  return count(row ?? {}, 'n');
}

function text(row: Row, name: string): string {
  const value = row[name];
  if (value === null || value === undefined) throw new Error(`a total without ${name}`);
  return value;
}

function count(row: Row, name: string): number {
  return Number(text(row, name));
}
