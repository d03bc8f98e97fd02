import type { BillingPeriod } from '../../domain/billing-period.ts';
import { Problem } from '../../domain/problem.ts';
import type { PartnerConfig } from '../../ports/partner-config.ts';
import { type AddedRow, addedRows, addingRulesInOrder, isDue } from '../../rules/added-rows.ts';

/** The rows of a period's additions, and why some are missing. */
export interface DueRows {
  readonly rows: readonly AddedRow[];
  readonly problem: Problem<'currency_required'> | undefined;
}

/**
 * All rows that charges add in a period. A charge is in its own currency, else in the partner's, else in the only one the
 * period was billed in; where none of these is clear it is left out and the whole says `currency_required`.
 */
export function dueRows(
  { rules, customers, settings }: Pick<PartnerConfig, 'rules' | 'customers' | 'settings'>,
  { period, currencies }: { period: BillingPeriod; currencies: readonly string[] },
): DueRows {
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const due = addingRulesInOrder(rules)
    .filter(({ rule }) => isDue(rule, period))
    .map((stored) => ({ stored, currency: stored.rule.currency ?? settings.currency ?? only }));
  const isUnclear = due.some(({ currency }) => currency === undefined);
  return {
    rows: due.flatMap(({ stored, currency }) =>
      currency === undefined ? [] : addedRows(stored, { period, customers, currency }),
    ),
    problem: isUnclear ? new Problem('currency_required', { currencies }) : undefined,
  };
}
