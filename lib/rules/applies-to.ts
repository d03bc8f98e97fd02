import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import { dayAfter } from '../domain/day.ts';
import { join, type Sql, sql } from '../sql/sql.ts';
import { startOfDay } from '../sql/timestamp-literal.ts';
import { actsOn, compileActsOn } from './acts-on.ts';
import { compileCondition } from './conditions/compile-condition.ts';
import { matchesCondition } from './conditions/matches-condition.ts';
import type { Subjects } from './conditions/subjects.ts';
import { deliveredColumn as column } from './delivered-columns.ts';
import type { DeliveredRow } from './delivered-row.ts';

/** A rule with a filter over rows: it changes them, or takes a percentage of them. */
type FilteredRule = RowRule | RuleOf<'percentage_charge'>;

/** Owners that no rule ever acts on (`pricing.md` §1); the others are customers. */
const NOT_CUSTOMERS: readonly string[] = ['unassigned', 'partner'];

/** Whether a row belongs to nobody that rules act on, as SQL. */
export const IS_NO_CUSTOMERS = sql`${column('x_Owner')} IN (${join(NOT_CUSTOMERS.map((owner) => sql`${owner}`))})`;

/** Whether an enabled rule is applicable to a customer's row, as SQL: in scope, in date, acts on it, filter matches. */
export function compileApplicability(rule: RowRule, subjects: Subjects): Sql {
  return compileReach(rule, compileActsOn(rule), subjects);
}

/** Whether a rule's scope, dates and filter take a customer's row in, as SQL, and something that its type asks too. */
export function compileReach(rule: FilteredRule, ofItsType: Sql, subjects: Subjects): Sql {
  const { customers, startDate, endDate, filter } = rule;
  const conditions = [
    ...(customers === 'all' ? [] : [sql`${column('x_Owner')} IN (${join(customers.map((id) => sql`${id}`))})`]),
    sql`${column('ChargePeriodStart')} >= ${startOfDay(startDate)}`,
    ...(endDate === undefined ? [] : [sql`${column('ChargePeriodStart')} < ${startOfDay(dayAfter(endDate))}`]),
    ofItsType,
    ...(filter === undefined ? [] : [compileCondition(filter, subjects)]),
  ];
  return join(conditions, ' AND ');
}

/** Whether an enabled rule is applicable to a row in memory. */
export function appliesTo(rule: RowRule, row: DeliveredRow): boolean {
  return !NOT_CUSTOMERS.includes(row.x_Owner) && actsOn(rule, row) && reaches(rule, row);
}

/** Whether a rule's scope, dates and filter take a row in. */
export function reaches(rule: FilteredRule, row: DeliveredRow): boolean {
  return (
    isInScope(rule, row) && isInDate(rule, row) && (rule.filter === undefined || matchesCondition(rule.filter, row))
  );
}

/** Whether a rule is for the row's owner. */
export function isInScope({ customers }: Pick<FilteredRule, 'customers'>, { x_Owner }: DeliveredRow): boolean {
  return customers === 'all' || customers.some((id) => id === x_Owner);
}

/** Whether the row's charge period starts in the rule's days. */
export function isInDate(
  { startDate, endDate }: Pick<FilteredRule, 'startDate' | 'endDate'>,
  { ChargePeriodStart }: DeliveredRow,
): boolean {
  return (
    ChargePeriodStart >= `${startDate}T00:00:00.000Z` &&
    (endDate === undefined || ChargePeriodStart < `${dayAfter(endDate)}T00:00:00.000Z`)
  );
}
