import { caseWhen } from '../sql/case-when.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { compileApplicability } from './applies-to.ts';
import { settingRules } from './matched.ts';
import { numberColumn } from './priced-columns.ts';
import type { Pricing } from './priced-select.ts';
import type { StoredRowRule } from './stored-row-rule.ts';
import { subjectsOfRules } from './subjects-of-rules.ts';

/** Rules that were applicable to a row and did not act, and what the partner is warned of. */
export interface PassedOver {
  readonly warningCode: 'back_out_shadowed' | 'ambiguous_set_rules';
  /** Columns of `priced`, then `x_WarnedNumber` and `x_OtherNumber` (null where there is no other rule to name). */
  readonly relation: Sql;
}

interface Candidate {
  readonly order: number;
  readonly when: Sql;
}

/**
 * The relation of rows with rules that were passed over and are worth a warning (`pricing.md` §6), one row per rule;
 * undefined where the rules leave none to be passed over.
 *
 * Which rows at all is asked by one flat CASE, since there are few: one scan per back-out took 49 s for a hundred of them
 * over half a million rows.
 */
export function passedOver({ rules, precedence }: Pricing): PassedOver | undefined {
  if (precedence === 'first_match') return shadowedBackOuts(rules);
  return precedence === 'independent' ? ambiguousRules(rules) : undefined;
}

/** Back-outs that an earlier rule of another type kept from acting. */
function shadowedBackOuts(rules: readonly StoredRowRule[]): PassedOver | undefined {
  const candidates = rules.filter(
    ({ rule }, at) =>
      rule.type === 'back_out' && rules.slice(0, at).some((earlier) => earlier.rule.type !== 'back_out'),
  );
  const number = numberColumn('x_RuleNumber');
  const backOuts = rules.filter(({ rule }) => rule.type === 'back_out').map(({ order }) => sql`${order}`);
  const relation = relationOf(candidates, {
    never: sql`${number} IS NULL OR ${number} IN (${backOuts})`,
    condition: ({ order }) => sql`${number} < ${order}`,
  });
  return (
    relation && {
      warningCode: 'back_out_shadowed',
      relation: sql`(SELECT ${[sql`found.*`, sql`x_PassedNumber AS x_WarnedNumber`, sql`CAST(NULL AS INTEGER) AS x_OtherNumber`]} FROM ${relation}) AS passed`,
    }
  );
}

/** Rules that set the price where an earlier created one does; the one that is used is named first. */
function ambiguousRules(rules: readonly StoredRowRule[]): PassedOver | undefined {
  const setting = settingRules(rules);
  const number = sql`element_at(${numberColumn('x_RuleNumbers')}, 1)`;
  const relation = relationOf(setting.slice(1), {
    never: sql`COALESCE(${number} NOT IN (${setting.map(({ order }) => sql`${order}`)}), TRUE)`,
    condition: ({ order }) => sql`${number} <> ${order}`,
  });
  return (
    relation && {
      warningCode: 'ambiguous_set_rules',
      relation: sql`(SELECT ${[sql`found.*`, sql`element_at(${numberColumn('x_RuleNumbers')}, 1) AS x_WarnedNumber`, sql`x_PassedNumber AS x_OtherNumber`]} FROM ${relation}) AS passed`,
    }
  );
}

function relationOf(
  rules: readonly StoredRowRule[],
  { never, condition }: { never: Sql; condition: (rule: StoredRowRule) => Sql },
): Sql | undefined {
  if (rules.length === 0) return undefined;
  const subjects = subjectsOfRules(rules.map(({ rule }) => rule));
  const candidates: readonly Candidate[] = rules.map((stored) => ({
    order: stored.order,
    when: sql`${condition(stored)} AND ${compileApplicability(stored.rule, subjects)}`,
  }));
  const isPassed = caseWhen(
    [{ when: never, value: sql`FALSE` }, ...candidates.map(({ when }) => ({ when, value: sql`TRUE` }))],
    sql`FALSE`,
  );
  const numbers = candidates.map(({ when, order }) => sql`CASE WHEN ${when} THEN ${order} ELSE 0 END`);
  return sql`(SELECT subjects.*, ARRAY[${join(numbers, ',\n    ')}] AS x_PassedNumbers
  FROM (SELECT ${[sql`priced.*`, ...subjects.computed]} FROM priced) AS subjects
  WHERE ${isPassed}) AS found
CROSS JOIN UNNEST(array_remove(x_PassedNumbers, 0)) AS numbers (x_PassedNumber)`;
}
