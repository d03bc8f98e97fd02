import { z } from 'zod';
import type { PreviewGrouping } from '../../contracts/rules/rule-preview.ts';
import { CustomerId } from '../../domain/ids.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { showPriced } from '../../pipeline/priced-relation.ts';
import type { Database } from '../../ports/database.ts';
import type { CommitmentPolicies } from '../../rules/commitments/commitment-policies.ts';
import { type CompileOptions, compileRules, rowRulesInOrder } from '../../rules/compile-rules.ts';
import { DELIVERED_COLUMNS } from '../../rules/delivered-columns.ts';
import { pricedColumn as column } from '../../rules/priced-columns.ts';
import { join, sql } from '../../sql/sql.ts';
import type { CostsFile } from './fetch-published-costs.ts';
import { type FourAmounts, fourAmounts } from './four-amounts.ts';
import {
  GROUP_COLUMNS,
  groupsStatement,
  matchedColumn,
  matchedStatement,
  waterfallStatement,
} from './preview-statements.ts';

/** Rows of one owner, currency and group under a set of rules. */
export interface PricedRows {
  readonly customerId: CustomerId;
  readonly currency: string;
  /** The values of what the lines are grouped by, in that order. */
  readonly keys: readonly (string | null)[];
  readonly rows: number;
  /** Rows that the watched rule was applied to, and those of them that it made negative. */
  readonly applied: number;
  readonly negative: number;
  readonly charged: FourAmounts;
}

/** Rows of a customer that carry a warning about a rule. */
export interface WarnedRows {
  readonly customerId: CustomerId;
  /** '' for a warning that is about no rule. */
  readonly ruleId: string;
  /** The rule that lost against it, or ''. */
  readonly otherId: string;
  readonly code: string;
  readonly rows: number;
}

/** What a set of rules makes of the rows. */
export interface PricedUnder {
  readonly priced: readonly PricedRows[];
  readonly warned: readonly WarnedRows[];
  /** Rows that each rule was applied to, by its id; a rule that was applied to none may be left out. */
  readonly applied: ReadonlyMap<string, number>;
}

const Count = z.coerce.number().int();
const WaterfallRow = z
  .object({ owner: CustomerId, rule: z.string(), other: z.string(), code: z.string(), applied: Count, rows: Count })
  .transform(({ owner, rule, other, ...rest }) => ({ customerId: owner, ruleId: rule, otherId: other, ...rest }));

/** Makes the relation `relation` of published cost ledgers: what rules read, each row with its owner. */
export async function showDelivered(
  database: Database,
  files: readonly CostsFile[],
  relation: 'delivered' | 'everybodys' = 'delivered',
): Promise<void> {
  const paths = join(files.map(({ path }) => sql`${path}`));
  const owners = join(files.map(({ path, owner }) => sql`(${path}, ${owner})`));
  const stored = DELIVERED_COLUMNS.filter((name) => name !== 'x_Owner').map((name) => column(name));
  await database.run(
    `CREATE OR REPLACE TEMP VIEW ${relation} AS ${
      sql`SELECT ${stored}, owners.owner AS ${column('x_Owner')}
FROM read_parquet([${paths}], filename = true, union_by_name = true) AS costs
JOIN (VALUES ${owners}) AS owners (path, owner) ON costs.filename = owners.path`.text
    }`,
  );
}

/** How a preview's rules take precedence, the commitment policies that act before them, and what lines it is told in. */
export type PreviewPricing = Pick<CompileOptions, 'precedence'> & {
  readonly policies: CommitmentPolicies;
  readonly groupBy: readonly PreviewGrouping[];
};

/** Prices `delivered` by these rules; the rule `watched` is counted apart, or with `undefined` all of them together. */
export async function pricedUnder(
  database: Database,
  rules: readonly StoredRule[],
  {
    watched,
    negatives,
    ...pricing
  }: PreviewPricing & {
    readonly watched: StoredRule | undefined;
    readonly negatives: 'watched' | 'all';
  },
): Promise<PricedUnder> {
  const { precedence, groupBy, policies } = pricing;
  const compiled = compileRules(rules, { precedence, policies, runId: '' });
  const steps = await showPriced(database, compiled);
  const lines = await database.rows(groupsStatement({ precedence, groupBy, negatives, watched: watched?.order }));
  const waterfall: z.infer<typeof WaterfallRow>[] = [];
  for (const select of compiled.waterfall(steps))
    for (const row of await database.rows(waterfallStatement(select))) waterfall.push(WaterfallRow.parse(row));
  const applied = new Map<string, number>();
  for (const { ruleId, applied: rows } of waterfall)
    if (ruleId !== '') applied.set(ruleId, (applied.get(ruleId) ?? 0) + rows);
  return {
    priced: lines.map((row) => ({
      customerId: CustomerId.parse(row.owner),
      currency: row.currency ?? '',
      keys: groupBy.map((one) => row[GROUP_COLUMNS[one]] ?? null),
      rows: Count.parse(row.counted),
      applied: Count.parse(row.applied),
      negative: Count.parse(row.negative),
      charged: fourAmounts((name) => row[name] ?? '0'),
    })),
    warned: waterfall.filter(({ code }) => code !== ''),
    applied,
  };
}

/** Rows that a rule would take if it were the only one, by customer and currency. */
export interface MatchedRows {
  readonly customerId: CustomerId;
  readonly currency: string;
  readonly ruleId: string;
  readonly matched: number;
}

/** So many rules are counted in one pass: a statement of all 400 would be planned for longer than it runs. */
const RULES_AT_ONCE = 50;

/** Rows of `delivered` that each rule would take if it were the only one; rules that are off or add rows have none. */
export async function matchedRows(database: Database, rules: readonly StoredRule[]): Promise<readonly MatchedRows[]> {
  const acting = rowRulesInOrder(rules);
  const found: MatchedRows[] = [];
  for (let from = 0; from < acting.length; from += RULES_AT_ONCE) {
    const some = acting.slice(from, from + RULES_AT_ONCE);
    for (const row of await database.rows(matchedStatement(some)))
      for (const { id, order } of some)
        found.push({
          customerId: CustomerId.parse(row.owner),
          currency: row.currency ?? '',
          ruleId: id,
          matched: Count.parse(row[matchedColumn(order)]),
        });
  }
  return found;
}
