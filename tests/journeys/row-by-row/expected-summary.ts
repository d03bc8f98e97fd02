import { z } from 'zod';
import { exact, plain, subtract, sumOf } from '../exact.ts';
import { cellOf } from './filter-holds.ts';
import { deltaOf, NOBODY, PARTNER, type PricedRow, type RowRule, total } from './price-rows.ts';

/** The four costs in the order of the summary. */
export const COSTS = ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'] as const;

/** What the summary says one after the other: customers with their folders, rules, and charges. */
export interface Scene {
  readonly rows: readonly PricedRow[];
  readonly rules: readonly RowRule[];
  readonly customers: readonly { readonly name: string; readonly folder: string }[];
  readonly charges: readonly Charge[];
}

/** A charge that is due in March. */
export type Charge = z.infer<typeof Charge>;
export const Charge = z.object({
  type: z.literal('charge'),
  name: z.string(),
  amount: z.string(),
  currency: z.string().default('USD'),
  customers: z.union([z.literal('all'), z.array(z.string())]),
});

/** `summary.json` of a bill of March 2025, from rows that were priced one by one. */
export function expectedSummary(scene: Scene): unknown {
  const twice = chargedTwice(scene.rows);
  const currencies = [...Map.groupBy(scene.rows, ({ row }) => row.BillingCurrency ?? '')].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return {
    version: 1,
    reconciled: true,
    runs: currencies.map(([currency, rows]) => runOf({ ...scene, rows }, currency, twice)),
    additions: [...Map.groupBy(scene.charges, ({ currency }) => currency)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, charges]) => additionsOf(scene, currency, charges)),
  };
}

function runOf(scene: Scene, currency: string, twice: ReadonlySet<PricedRow>) {
  const { rows, rules } = scene;
  const delivered = perCost((cost) => sumOf(rows.map(({ row }) => cellOf(row, cost))));
  const kept = perCost((cost) => total(rows, 'delivered', cost));
  const owned = (name: string) => rows.filter(({ owner }) => owner === name);
  return {
    integrationId: 'bill',
    period: '2025-03',
    currency,
    reconciled: true,
    delivered: { rows: rows.length, ...delivered },
    ingestRounding: perCost((cost) => plain(subtract(exact(delivered[cost]), exact(kept[cost])))),
    customers: scene.customers.map(({ name, folder }) => ({
      name,
      folder,
      delivered: figures(owned(name), 'delivered'),
      charged: figures(
        owned(name).filter(({ isRemoved }) => !isRemoved),
        'charged',
      ),
      commitments: { rows: 0, delta: perCost(() => '0') },
      rules: rules
        .filter((rule) => rule.enabled && rule.endDate >= '2025-03-01' && isInScope(rule, name))
        .map((rule) => {
          const own = owned(name).filter((one) => one.rule === rule);
          return {
            name: rule.name,
            rows: own.length,
            delta: perCost((cost) => sumOf(own.map((one) => deltaIn(one, cost)))),
          };
        }),
    })),
    unassigned: figures(owned(NOBODY), 'delivered'),
    partner: figures(owned(PARTNER), 'delivered'),
    warnings: warningsOf(scene, twice),
  };
}

/** A row that leaves the ledger takes its whole amount with it. */
export function deltaIn(priced: PricedRow, cost: (typeof COSTS)[number]): string {
  return plain(deltaOf(priced, cost));
}

/**
 * Used rows at list price whose commitment's purchase the same customer pays for, in its ledger of the run: of any
 * currency.
 */
export function chargedTwice(rows: readonly PricedRow[]): ReadonlySet<PricedRow> {
  const key = ({ owner, row }: PricedRow) => JSON.stringify([owner, cellOf(row, 'CommitmentDiscountId')]);
  const bought = new Set(
    rows
      .filter(({ row, isRemoved }) => row.ChargeCategory === 'Purchase' && !isRemoved)
      .filter(
        ({ row, charged }) => cellOf(row, 'CommitmentDiscountId') !== null && (charged.BilledCost?.units ?? 0n) !== 0n,
      )
      .map(key),
  );
  return new Set(
    rows.filter(
      (one) =>
        one.rule?.type === 'adjust_to_list' &&
        !one.isListPriceMissing &&
        one.row.CommitmentDiscountStatus === 'Used' &&
        bought.has(key(one)),
    ),
  );
}

function warningsOf({ rows, rules, customers }: Scene, twice: ReadonlySet<PricedRow>) {
  const codes: Record<string, (one: PricedRow, rule: RowRule) => boolean> = {
    back_out_shadowed: ({ shadowed }, rule) => shadowed.includes(rule),
    commitment_charged_twice: (one, rule) => one.rule === rule && twice.has(one),
    list_price_missing: (one, rule) => one.rule === rule && one.isListPriceMissing,
  };
  const ofRules = (code: string) =>
    customers.flatMap(({ name }) =>
      rules.flatMap((rule) => {
        const count = rows.filter((one) => one.owner === name && codes[code]?.(one, rule)).length;
        return count === 0 ? [] : [{ code, rule: rule.name, customer: name, rows: count }];
      }),
    );
  const missing = [...COSTS].sort().flatMap((column) => {
    const count = rows.filter(({ row }) => cellOf(row, column) === null).length;
    return count === 0 ? [] : [{ code: 'cost_missing', column, rows: count }];
  });
  return [
    ...ofRules('back_out_shadowed'),
    ...ofRules('commitment_charged_twice'),
    ...missing,
    ...ofRules('list_price_missing'),
  ];
}

function additionsOf({ customers }: Scene, currency: string, charges: readonly Charge[]) {
  return {
    period: '2025-03',
    currency,
    customers: customers.flatMap(({ name }) => {
      const due = charges.filter((charge) => isInScope(charge, name));
      if (due.length === 0) return [];
      const amount = sumOf(due.map((charge) => charge.amount));
      return [
        {
          name,
          rows: due.length,
          ...perCost(() => amount),
          rules: due.map((charge) => ({
            name: charge.name,
            rows: 1,
            delta: perCost(() => plain(exact(charge.amount))),
          })),
        },
      ];
    }),
  };
}

function figures(rows: readonly PricedRow[], side: 'delivered' | 'charged') {
  return { rows: rows.length, ...perCost((cost) => total(rows, side, cost)) };
}

function isInScope({ customers }: { readonly customers: 'all' | readonly string[] }, name: string): boolean {
  return customers === 'all' || customers.includes(name);
}

function perCost<Value>(value: (cost: (typeof COSTS)[number]) => Value): Record<(typeof COSTS)[number], Value> {
  const [billed, effective, list, contracted] = COSTS;
  return {
    [billed]: value(billed),
    [effective]: value(effective),
    [list]: value(list),
    [contracted]: value(contracted),
  };
}
