import type { RuleOf } from '../domain/billing-rule.ts';
import type { StoredRule } from '../domain/stored-rule.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { isTaxLeftOut } from './acts-on.ts';
import { compileReach } from './applies-to.ts';
import { subjectsOf } from './conditions/subjects.ts';
import { deliveredColumn as column } from './delivered-columns.ts';

/** A stored rule that takes a percentage of the whole. */
export type PercentageRule = StoredRule & { readonly rule: RuleOf<'percentage_charge'> };

/** What a customer's rows in one currency come to under each percentage rule, by the rule's id. */
export interface PercentageBase {
  readonly customerId: string;
  readonly currency: string;
  readonly sums: ReadonlyMap<string, string>;
}

/**
 * The SELECT over `charged`, the relation of a customer ledger's rows as they were delivered with `x_ChargedBilledCost`
 * beside them: per `owner` and `currency` the sum under the n-th rule as `base<n>`. Tax counts only where it is opted in.
 */
export function percentageBasesSelect(rules: readonly PercentageRule[]): string {
  const subjects = subjectsOf(rules.flatMap(({ rule }) => (rule.filter === undefined ? [] : [rule.filter])));
  const name = identifiers(rules.map((_, at) => baseName(at)));
  const sums = rules.map(({ rule }, at): Sql => {
    const isTaken = compileReach(rule, isTaxLeftOut(rule.filter), subjects);
    return sql`CAST(sum(CASE WHEN ${isTaken} THEN x_ChargedBilledCost END) AS VARCHAR) AS ${name(baseName(at))}`;
  });
  return sql`SELECT ${[sql`${column('x_Owner')} AS owner`, sql`${column('BillingCurrency')} AS currency`, ...sums]}
FROM (SELECT ${[sql`charged.*`, ...subjects.computed]} FROM charged) AS subjects
GROUP BY ${join([column('x_Owner'), column('BillingCurrency')])}`.text;
}

/** Reads a row of that SELECT. */
export function percentageBase(
  rules: readonly PercentageRule[],
  row: Readonly<Record<string, string | null>>,
): PercentageBase {
  const sums = rules.map(({ id }, at) => [id, row[baseName(at)] ?? '0'] as const);
  return { customerId: row.owner ?? '', currency: row.currency ?? '', sums: new Map(sums) };
}

function baseName(at: number): string {
  return `base${at + 1}`;
}
