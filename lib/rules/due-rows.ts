import type { BillingPeriod } from '../domain/billing-period.ts';
import type { CustomerTenant } from '../domain/customer-tenant.ts';
import { Problem } from '../domain/problem.ts';
import type { PartnerSettings } from '../domain/settings.ts';
import type { StoredRule } from '../domain/stored-rule.ts';
import {
  type AddedRow,
  flatRows,
  flatRulesInOrder,
  isDue,
  percentageRows,
  percentageRulesInOrder,
} from './added-rows.ts';
import type { PercentageBase } from './percentage-bases.ts';

/** The rows of a period's additions, and why some are missing. */
export interface DueRows {
  readonly rows: readonly AddedRow[];
  readonly problem: Problem<'currency_required'> | undefined;
}

/**
 * All rows that rules add in a period, in the rules' order. A charge is in its own currency, else in the partner's, else in
 * the only one the period was billed in; where none of these is clear it is left out and the whole says
 * `currency_required`. Percentages are of `bases`, the delivered rows as charged, and of the charges and credits.
 */
export function dueRows(
  {
    rules,
    customers,
    settings,
  }: {
    rules: readonly StoredRule[];
    customers: readonly CustomerTenant[];
    settings: Pick<PartnerSettings, 'currency'>;
  },
  {
    period,
    currencies,
    bases,
  }: { period: BillingPeriod; currencies: readonly string[]; bases: readonly PercentageBase[] },
): DueRows {
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const due = flatRulesInOrder(rules)
    .filter(({ rule }) => isDue(rule, period))
    .map((stored) => ({ stored, currency: stored.rule.currency ?? settings.currency ?? only }));
  const isUnclear = due.some(({ currency }) => currency === undefined);
  const flat = due.flatMap(({ stored, currency }) =>
    currency === undefined ? [] : flatRows(stored, { period, customers, currency }),
  );
  const shares = percentageRulesInOrder(rules).flatMap((stored) =>
    percentageRows(stored, { period, customers, bases, flat }),
  );
  return {
    rows: [...flat, ...shares].sort((one, other) => one.stored.order - other.stored.order),
    problem: isUnclear ? new Problem('currency_required', { currencies }) : undefined,
  };
}
