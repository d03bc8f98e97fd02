import type { PreviewGrouping } from '../../contracts/rules/rule-preview.ts';
import type { Precedence } from '../../domain/settings.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import { compileApplicability, IS_NO_CUSTOMERS } from '../../rules/applies-to.ts';
import { chargedColumn, pricedColumn as column } from '../../rules/priced-columns.ts';
import type { StoredRowRule } from '../../rules/stored-row-rule.ts';
import { subjectsOfRules } from '../../rules/subjects-of-rules.ts';
import { identifiers } from '../../sql/identifiers.ts';
import { join, Sql, sql } from '../../sql/sql.ts';

/** The column of each grouping. */
export const GROUP_COLUMNS = {
  service: 'ServiceName',
  usage_type: 'x_UsageType',
  operation: 'x_Operation',
} as const satisfies { readonly [Grouping in PreviewGrouping]: string };

const own = identifiers([
  'owner',
  'currency',
  'counted',
  'applied',
  'negative',
  'code',
  'rule',
  'other',
  'rows',
  'number',
]);

/** SELECT over `priced` of rows and money by owner, currency and what is asked; the rule of order `watched` is counted apart. */
export function groupsStatement({
  precedence,
  watched,
  negatives,
  groupBy,
}: {
  precedence: Precedence;
  watched: number | undefined;
  /** Whether rows that fall below 0 are counted of the watched rule, or whatever makes them. */
  negatives: 'watched' | 'all';
  groupBy: readonly PreviewGrouping[];
}): string {
  const isWatched = watched === undefined ? sql`FALSE` : isNumbered(precedence, watched);
  const isCounted = negatives === 'all' ? sql`TRUE` : isWatched;
  const turnsNegative = join(
    COST_COLUMNS.map((cost) => sql`(${chargedColumn(cost)} < 0 AND COALESCE(${column(cost)}, 0) >= 0)`),
    ' OR ',
  );
  const sums = COST_COLUMNS.map(
    (cost) => sql`sum(CASE WHEN NOT ${column('x_Removed')} THEN ${chargedColumn(cost)} END) AS ${column(cost)}`,
  );
  const keys = [column('x_Owner'), column('BillingCurrency'), ...groupBy.map((one) => column(GROUP_COLUMNS[one]))];
  const shown = [sql`${column('x_Owner')} AS ${own('owner')}`, sql`${column('BillingCurrency')} AS ${own('currency')}`];
  return sql`SELECT ${[...shown, ...keys.slice(2)]}, count(*) AS ${own('counted')},
  ${counted(isWatched)} AS ${own('applied')},
  ${counted(sql`${isCounted} AND NOT ${column('x_Removed')} AND (${turnsNegative})`)} AS ${own('negative')},
  ${sums}
FROM priced GROUP BY ${keys}`.text;
}

/**
 * SELECT over a waterfall of how many rows of each owner a rule was applied to (`applied`), and how many carry a warning
 * about which rule and other rule ('' for none).
 */
export function waterfallStatement(waterfall: string): string {
  const text = (name: string) => sql`COALESCE(${new Sql(`"${name}"`)}, '')`;
  return sql`SELECT "x_Owner" AS ${own('owner')}, ${text('x_BillingRuleId')} AS ${own('rule')}, ${text('x_OtherBillingRuleId')} AS ${own('other')},
  ${text('x_WarningCode')} AS ${own('code')}, ${counted(sql`"x_Applied"`)} AS ${own('applied')}, count(*) AS ${own('rows')}
FROM (${new Sql(waterfall)}) AS waterfall
GROUP BY "x_Owner", "x_BillingRuleId", "x_OtherBillingRuleId", "x_WarningCode"`.text;
}

/** SELECT over `delivered` of how many rows each rule would take alone, by owner and currency: `rule_<order>`. */
export function matchedStatement(rules: readonly StoredRowRule[]): string {
  const subjects = subjectsOfRules(rules.map(({ rule }) => rule));
  const alias = identifiers(rules.map(({ order }) => matchedColumn(order)));
  const counts = rules.map(
    ({ order, rule }) =>
      sql`${counted(sql`NOT ${IS_NO_CUSTOMERS} AND ${compileApplicability(rule, subjects)}`)} AS ${alias(matchedColumn(order))}`,
  );
  const keys = [column('x_Owner'), column('BillingCurrency')];
  return sql`SELECT ${column('x_Owner')} AS ${own('owner')}, ${column('BillingCurrency')} AS ${own('currency')}, ${join(counts, ',\n  ')}
FROM (SELECT ${[sql`delivered.*`, ...subjects.computed]} FROM delivered) AS subjects GROUP BY ${keys}`.text;
}

/** The column of `matchedStatement` for the rule of this order. */
export function matchedColumn(order: number): string {
  return `rule_${order}`;
}

function isNumbered(precedence: Precedence, order: number): Sql {
  return precedence === 'first_match'
    ? sql`COALESCE(${column('x_RuleNumber')} = ${order}, FALSE)`
    : sql`contains(${column('x_RuleNumbers')}, ${order})`;
}

function counted(condition: Sql): Sql {
  return sql`CAST(sum(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS BIGINT)`;
}
