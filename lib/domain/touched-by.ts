import { isDeepStrictEqual } from 'node:util';
import type { Assignment } from './assignment.ts';
import type { BillingPeriod } from './billing-period.ts';
import type { BillingRule } from './billing-rule.ts';
import { changesRows } from './changes-rows.ts';
import type { CustomerTenant } from './customer-tenant.ts';
import { Day, dayBefore } from './day.ts';
import type { RuleId } from './ids.ts';
import { changedOwners } from './owned-ranges.ts';
import { joinTouched, type Touched } from './touched.ts';

const NOTHING: Touched = { from: null, to: null, customers: [], ownership: false, rows: false, additions: false };

/** What rules, or the version before and after of one, decide together; one that is switched off decides nothing. */
export function touchedByRules(rules: readonly BillingRule[]): Touched {
  return (
    rules
      .filter(({ enabled }) => enabled)
      .map((rule): Touched => {
        const { startDate, endDate, customers } = rule;
        const rows = changesRows(rule);
        return { from: startDate, to: endDate ?? null, customers, ownership: false, rows, additions: !rows };
      })
      .reduce<Touched | undefined>((sum, touched) => (sum ? joinTouched(sum, touched) : touched), undefined) ?? NOTHING
  );
}

/** What another order changes: rules before the first and after the last that moved keep their place among all. */
export function touchedByReorder(
  before: readonly { readonly id: RuleId; readonly rule: BillingRule }[],
  ids: readonly RuleId[],
): Touched {
  const enabled = before.filter(({ rule }) => rule.enabled);
  const order = ids.filter((id) => enabled.some((rule) => rule.id === id));
  const moved = (at: number) => enabled[at]?.id !== order[at];
  const places = [...enabled.keys()];
  const [first, last] = [places.findIndex(moved), places.findLastIndex(moved)];
  return first < 0 ? NOTHING : touchedByRules(enabled.slice(first, last + 1).map(({ rule }) => rule));
}

/** What other owners of a sub account change: the days on which it has another owner than before. */
export function touchedByAssignments(
  changes: readonly {
    readonly before: Pick<Assignment, 'ranges'> | undefined;
    readonly after: Pick<Assignment, 'ranges'>;
  }[],
): Touched {
  return (
    changes
      .flatMap(({ before, after }) => changedOwners(before?.ranges ?? [], after.ranges))
      .map(({ from, to, owners }): Touched => {
        const customers = owners.flatMap((owner) => (owner === 'partner' ? [] : owner));
        return { from, to: to && dayBefore(to), customers, ownership: true, rows: true, additions: false };
      })
      .reduce<Touched | undefined>((sum, touched) => (sum ? joinTouched(sum, touched) : touched), undefined) ?? NOTHING
  );
}

/**
 * A customer's ledger carries its name, and rules for "all" mean a new one too. Under another commitment policy rows may
 * come to it that were left with the partner.
 */
export function touchedByCustomer(customer: CustomerTenant, before?: CustomerTenant): Touched {
  const ownership = before !== undefined && !isDeepStrictEqual(before.commitments, customer.commitments);
  return { from: null, to: null, customers: [customer.id], ownership, rows: true, additions: true };
}

/** The partner's name stands on every customer's rows, its currency decides charges, its policy whose rows are whose. */
export const TOUCHED_BY_SETTINGS: Touched = {
  from: null,
  to: null,
  customers: 'all',
  ownership: true,
  rows: true,
  additions: true,
};

/** Corrections of a closed month are rows that are added to the open month that carries them. */
export function touchedByCorrections(period: BillingPeriod): Touched {
  const day = Day.parse(`${period}-01`);
  return { from: day, to: day, customers: 'all', ownership: false, rows: false, additions: true };
}
