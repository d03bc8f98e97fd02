import { boundsOf } from '../../domain/billing-period.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import { PARTNER, UNASSIGNED } from '../../names/tables.ts';
import { type ControlTotals, perCost } from './control-totals.ts';
import type { Plan } from './plan.ts';
import { subtractExactly, sumExactly } from './sum-exactly.ts';
import type { FourSums, WrittenTotals } from './written-totals.ts';

/** Rows and their four costs, plain decimals. */
export type RowsAndSums = FourSums & { readonly rows: number };

/** A condition to look at; it stops nothing. */
export interface Warning {
  readonly code: string;
  readonly rule?: string;
  readonly otherRule?: string;
  readonly customer?: string;
  readonly column?: string;
  readonly rows: number;
}

/** The figures of a run in one currency, as the split command and the API show them (`split-command.md`). */
export interface CurrencySummary {
  readonly integrationId: string;
  readonly period: string;
  readonly currency: string;
  readonly reconciled: true;
  readonly delivered: RowsAndSums;
  readonly ingestRounding: FourSums;
  readonly customers: readonly {
    readonly name: string;
    /** The customer's id; the split command puts the name of its output folder here. */
    readonly folder: string;
    readonly delivered: RowsAndSums;
    readonly charged: RowsAndSums;
    readonly commitments: { readonly rows: number; readonly delta: FourSums };
    readonly rules: readonly { readonly name: string; readonly rows: number; readonly delta: FourSums }[];
  }[];
  readonly unassigned: RowsAndSums;
  readonly partner: RowsAndSums;
  readonly warnings: readonly Warning[];
}

/** What a reconciled run says of itself, one entry per currency; figures are the written files', never a worker's word. */
export function summariseRun(plan: Plan, delivered: ControlTotals, written: WrittenTotals): readonly CurrencySummary[] {
  const currencies = [...new Set(delivered.map(({ BillingCurrency }) => BillingCurrency))].sort();
  return currencies.map((currency) => {
    const isCurrent = (total: { BillingCurrency: string }) => total.BillingCurrency === currency;
    return summariseCurrency(plan, currency, {
      delivered: delivered.filter(isCurrent),
      costs: Map.groupBy(written.costs.filter(isCurrent), ownerOf),
      charges: Map.groupBy(written.charges.filter(isCurrent), ownerOf),
      deltas: Map.groupBy(written.deltas.filter(isCurrent), ownerOf),
    });
  });
}

interface OfCurrency {
  readonly delivered: ControlTotals;
  readonly costs: ReadonlyMap<string, WrittenTotals['costs']>;
  readonly charges: ReadonlyMap<string, WrittenTotals['charges']>;
  readonly deltas: ReadonlyMap<string, WrittenTotals['deltas']>;
}

function summariseCurrency(plan: Plan, currency: string, totals: OfCurrency): CurrencySummary {
  const { delivered, costs, charges } = totals;
  const ofOwner = (owner: string) => addUp(costs.get(owner) ?? []);
  return {
    integrationId: plan.integrationId,
    period: plan.period,
    currency,
    reconciled: true,
    delivered: {
      rows: delivered.reduce((sum, { rows }) => sum + rows, 0),
      ...perCost((column) => sumExactly(delivered.map((total) => total.costs[column].exact))),
    },
    ingestRounding: perCost((column) =>
      subtractExactly(
        sumExactly(delivered.map((total) => total.costs[column].exact)),
        sumExactly(delivered.map((total) => total.costs[column].rounded)),
      ),
    ),
    customers: plan.customers.map(({ id, name }) => ({
      name,
      folder: id,
      delivered: ofOwner(id),
      charged: addUp(charges.get(id) ?? []),
      commitments: commitmentsOf(id, totals),
      rules: rulesOf(plan, id, totals),
    })),
    unassigned: ofOwner(UNASSIGNED),
    partner: ofOwner(PARTNER),
    warnings: warningsOf(plan, totals),
  };
}

/** What commitment policies made of a customer's used rows. */
function commitmentsOf(customer: string, { deltas }: OfCurrency) {
  const repriced = (deltas.get(customer) ?? []).filter(({ stage, isApplied }) => stage === 'commitment' && isApplied);
  const { rows, ...delta } = addUp(repriced);
  return { rows, delta };
}

/** Rules in scope whose dates overlap the period, also without rows; and any other that a row of other days met. */
function rulesOf({ rules, period }: Plan, customer: string, { deltas }: OfCurrency) {
  const { start, end } = boundsOf(period);
  return rules.flatMap(({ id, rule }) => {
    if (rule.customers !== 'all' && !rule.customers.some((one) => one === customer)) return [];
    const applied = (deltas.get(customer) ?? []).filter((delta) => delta.ruleId === id && delta.isApplied);
    const overlaps =
      `${rule.startDate}` < end.slice(0, 10) && (rule.endDate === undefined || `${rule.endDate}` >= start.slice(0, 10));
    const { rows, ...delta } = addUp(applied);
    return overlaps || rows > 0 ? [{ name: rule.name, rows, delta }] : [];
  });
}

/** By code, then customer and rule in their own order; `cost_missing` counts delivered rows. */
function warningsOf({ customers, rules }: Plan, { delivered, deltas }: OfCurrency): Warning[] {
  const missing = COST_COLUMNS.flatMap((column): Warning[] => {
    const rows = delivered.reduce((sum, total) => sum + total.costs[column].nulls, 0);
    return rows === 0 ? [] : [{ code: 'cost_missing', column, rows }];
  });
  const place = new Map<string | null, number>(rules.map(({ id }, at) => [id, at]));
  const nameOf = (id: string | null) => rules.find((one) => one.id === id)?.rule.name;
  const ofRules = customers.flatMap((customer) => {
    const warned = (deltas.get(customer.id) ?? []).filter(({ warningCode }) => warningCode !== null);
    const alike = Map.groupBy(warned, ({ warningCode, ruleId, otherRuleId }) =>
      JSON.stringify([warningCode, ruleId, otherRuleId]),
    );
    return [...alike.values()]
      .flatMap((of) => of.slice(0, 1).map((first) => ({ ...first, rows: addUp(of).rows })))
      .sort(
        (a, b) =>
          placeIn(place, a.ruleId) - placeIn(place, b.ruleId) ||
          placeIn(place, a.otherRuleId) - placeIn(place, b.otherRuleId),
      )
      .map(({ warningCode, ruleId, otherRuleId, rows }): Warning => {
        const [rule, otherRule] = [nameOf(ruleId), nameOf(otherRuleId)];
        return {
          code: warningCode ?? '',
          ...(rule === undefined ? {} : { rule }),
          ...(otherRule === undefined ? {} : { otherRule }),
          customer: customer.name,
          rows,
        };
      });
  });
  return [...missing, ...ofRules].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

function placeIn(places: ReadonlyMap<string | null, number>, id: string | null): number {
  return places.get(id) ?? -1;
}

function ownerOf({ owner }: { readonly owner: string }): string {
  return owner;
}

function addUp(totals: readonly { readonly rows: number; readonly sums: FourSums }[]): RowsAndSums {
  return {
    rows: totals.reduce((sum, { rows }) => sum + rows, 0),
    ...perCost((column) => sumExactly(totals.map(({ sums }) => sums[column]))),
  };
}
