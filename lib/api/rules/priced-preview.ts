import { z } from 'zod';
import { CustomerId } from '../../domain/ids.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import type { Database } from '../../ports/database.ts';
import type { CommitmentPolicies } from '../../rules/commitments/commitment-policies.ts';
import { type CompileOptions, compileRules } from '../../rules/compile-rules.ts';
import { DELIVERED_COLUMNS } from '../../rules/delivered-columns.ts';
import { chargedColumn, pricedColumn as column } from '../../rules/priced-columns.ts';
import { join, Sql, sql } from '../../sql/sql.ts';
import type { CostsFile } from './fetch-published-costs.ts';
import { type FourAmounts, fourAmounts } from './four-amounts.ts';

/** A customer's rows of one currency under a set of rules. */
export interface PricedRows {
  readonly customerId: CustomerId;
  readonly currency: string;
  readonly rows: number;
  /** Rows that the watched rule was applied to, and those of them that it made negative. */
  readonly applied: number;
  readonly negative: number;
  readonly charged: FourAmounts;
}

/** Rows of a customer that carry a warning about a rule. */
export interface WarnedRows {
  readonly customerId: CustomerId;
  readonly ruleId: string;
  readonly code: string;
  readonly rows: number;
}

const Count = z.coerce.number().int();

const PricedRow = z.record(z.string(), z.string().nullable()).transform((row) => ({
  customerId: CustomerId.parse(row.owner),
  currency: row.currency ?? '',
  rows: Count.parse(row.counted),
  applied: Count.parse(row.applied),
  negative: Count.parse(row.negative),
  charged: fourAmounts((name) => row[name] ?? '0'),
}));

const WarnedRow = z.object({ customerId: CustomerId, ruleId: z.string(), code: z.string(), rows: Count });

/** Makes the relation `delivered` of published cost ledgers: what rules read, each row with its owner. */
export async function showDelivered(database: Database, files: readonly CostsFile[]): Promise<void> {
  const paths = join(files.map(({ path }) => sql`${path}`));
  const owners = join(files.map(({ path, customerId }) => sql`(${path}, ${customerId})`));
  const stored = DELIVERED_COLUMNS.filter((name) => name !== 'x_Owner').map(column);
  await database.run(
    sql`CREATE OR REPLACE TEMP VIEW delivered AS SELECT ${stored}, owners.owner AS ${column('x_Owner')}
FROM read_parquet([${paths}], filename = true, union_by_name = true) AS costs
JOIN (VALUES ${owners}) AS owners (path, owner) ON costs.filename = owners.path`.text,
  );
}

/** How a preview's rules take precedence, and the commitment policies that act before them. */
export type PreviewPricing = Pick<CompileOptions, 'precedence'> & { readonly policies: CommitmentPolicies };

/** Prices `delivered` by these rules; the rule of order `watched` is counted apart. */
export async function pricedRows(
  database: Database,
  rules: readonly StoredRule[],
  { watched, ...pricing }: PreviewPricing & { readonly watched: number },
): Promise<{ priced: readonly PricedRows[]; warned: readonly WarnedRows[] }> {
  const { precedence } = pricing;
  const compiled = compileRules(rules, { ...pricing, runId: '' });
  const [found] = compiled.mostRules === undefined ? [{ steps: '1' }] : await database.rows(compiled.mostRules);
  const steps = Number(found?.steps);
  for (const { table, select } of compiled.partlyPriced(steps))
    await database.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${select}`);
  await database.run(`CREATE OR REPLACE TEMP VIEW priced AS ${compiled.priced(steps)}`);
  const isWatched =
    precedence === 'first_match'
      ? sql`${column('x_RuleNumber')} = ${watched}`
      : sql`contains(${column('x_RuleNumbers')}, ${watched})`;
  const turnsNegative = join(
    COST_COLUMNS.map((cost) => sql`(${chargedColumn(cost)} < 0 AND COALESCE(${column(cost)}, 0) >= 0)`),
    ' OR ',
  );
  const sums = COST_COLUMNS.map(
    (cost) => sql`sum(${chargedColumn(cost)}) FILTER (WHERE NOT ${column('x_Removed')}) AS ${column(cost)}`,
  );
  const rows = await database.rows(
    sql`SELECT ${column('x_Owner')} AS owner, ${column('BillingCurrency')} AS currency, count(*) AS counted,
  count(*) FILTER (WHERE ${isWatched}) AS applied,
  count(*) FILTER (WHERE ${isWatched} AND NOT ${column('x_Removed')} AND (${turnsNegative})) AS negative,
  ${sums}
FROM priced GROUP BY ALL`.text,
  );
  const warned: Readonly<Record<string, string | null>>[] = [];
  for (const select of compiled.waterfall(steps))
    warned.push(
      ...(await database.rows(
        sql`SELECT "x_Owner" AS "customerId", "x_BillingRuleId" AS "ruleId", "x_WarningCode" AS code, count(*) AS rows
FROM (${new Sql(select)}) WHERE "x_WarningCode" IS NOT NULL AND "x_BillingRuleId" IS NOT NULL GROUP BY ALL`.text,
      )),
    );
  return { priced: rows.map((row) => PricedRow.parse(row)), warned: warned.map((row) => WarnedRow.parse(row)) };
}

/** Rows that a rule would take if it were the only one. */
export async function matchedRows(
  database: Database,
  rule: StoredRule,
  pricing: PreviewPricing,
): Promise<readonly { customerId: CustomerId; currency: string; matched: number }[]> {
  const { priced } = await pricedRows(database, [rule], { ...pricing, watched: rule.order });
  return priced.map(({ customerId, currency, applied }) => ({ customerId, currency, matched: applied }));
}
