import { Problem } from '../../domain/problem.ts';
import { COST_COLUMNS, type CostColumn } from '../../focus/columns.ts';
import type { ControlTotals } from './control-totals.ts';
import type { Plan } from './plan.ts';
import { sumExactly } from './sum-exactly.ts';
import type { WrittenTotals } from './written-totals.ts';

/** One figure that has to be the same on both sides. */
interface Check {
  readonly check: string;
  readonly owner: string;
  readonly currency: string;
  readonly column: string;
  readonly expected: string;
  readonly actual: string;
}

/**
 * Conservation, tolerance zero (`pricing.md` §1): what the files hold is what was delivered, every row is its owner's,
 * and each customer's ledger is its costs plus what the rules did. Throws `not_reconciled` for the first figure that is off.
 */
export function requireReconciled(delivered: ControlTotals, written: WrittenTotals, plan: Plan): void {
  for (const found of [
    ...deliveredAsWritten(delivered, written),
    ...everyRowItsOwners(written),
    ...onlyPlannedRules(written, plan),
    ...ledgersAsPriced(written, plan),
  ])
    if (found.expected !== found.actual) throw new Problem('not_reconciled', { ...found });
}

/** Per currency and sub account: rows, nulls, the four costs and what the rows say, over all owners. */
function* deliveredAsWritten(delivered: ControlTotals, { costs }: WrittenTotals): Iterable<Check> {
  const key = (currency: string, subAccount: string | null) => JSON.stringify([currency, subAccount]);
  const expected = Map.groupBy(delivered, (total) => key(total.BillingCurrency, total.SubAccountId));
  const actual = Map.groupBy(costs, (total) => key(total.BillingCurrency, total.SubAccountId));
  for (const name of new Set([...expected.keys(), ...actual.keys()])) {
    const [asked, got] = [expected.get(name) ?? [], actual.get(name) ?? []];
    const first = asked[0] ?? got[0];
    const where = { owner: first?.SubAccountId ?? '', currency: first?.BillingCurrency ?? '' };
    const check = 'delivered = cost ledgers, by sub account';
    yield { check, ...where, column: 'rows', expected: countRows(asked), actual: countRows(got) };
    for (const column of COST_COLUMNS) {
      const nulls = (counts: readonly number[]) => String(counts.reduce((sum, count) => sum + count, 0));
      yield {
        check,
        ...where,
        column,
        expected: sumExactly(asked.map(({ costs: of }) => of[column].rounded)),
        actual: sumExactly(got.map(({ sums }) => sums[column])),
      };
      yield {
        check: `${check}: nulls`,
        ...where,
        column,
        expected: nulls(asked.map(({ costs: of }) => of[column].nulls)),
        actual: nulls(got.map((total) => total.nulls[column])),
      };
    }
    const contents = asked.flatMap(({ content }) => content ?? []);
    if (contents.length < asked.length) continue;
    yield {
      check: `${check}: no row for another`,
      ...where,
      column: 'content',
      expected: sumExactly(contents),
      actual: sumExactly(got.map(({ content }) => content)),
    };
  }
}

/** No row lies in another owner's file, and none lies there twice. */
function* everyRowItsOwners(written: WrittenTotals): Iterable<Check> {
  const nowhere = { currency: '', column: 'x_RowId' };
  for (const { owner, resolvedOwner, BillingCurrency } of written.costs)
    yield {
      check: 'every row of a cost ledger is its owner’s',
      owner,
      currency: BillingCurrency,
      column: 'SubAccountId',
      expected: owner,
      actual: resolvedOwner,
    };
  for (const { owner, BillingCurrency, foreignRows } of written.charges)
    yield {
      check: 'every row of a customer ledger is the customer’s',
      owner,
      currency: BillingCurrency,
      column: 'BillingAccountId',
      expected: '0',
      actual: String(foreignRows),
    };
  const counts = {
    'no row twice in the customer ledgers': written.repeatedCharges,
    'no row twice in the cost ledgers': written.repeatedCosts,
    'every row of a customer ledger was delivered to that customer': written.chargesWithoutCost,
  };
  for (const [check, count] of Object.entries(counts))
    yield { check, owner: '', ...nowhere, expected: '0', actual: String(count) };
}

/** The waterfall names no rule version but the plan's. */
function* onlyPlannedRules({ deltas }: WrittenTotals, { rules }: Plan): Iterable<Check> {
  for (const { owner, BillingCurrency, stage, ruleId, ruleVersion } of deltas) {
    if (stage === 'commitment') continue;
    const planned = rules.find(({ id }) => id === ruleId)?.version;
    yield {
      check: `the waterfall’s rule ${ruleId} is of the plan’s version`,
      owner,
      currency: BillingCurrency,
      column: 'x_BillingRuleVersion',
      expected: String(planned),
      actual: String(ruleVersion),
    };
  }
}

/** Per customer and currency: ledger = costs + deltas, in rows and in each cost. */
function* ledgersAsPriced(written: WrittenTotals, plan: Plan): Iterable<Check> {
  const customers = new Set<string>(plan.customers.map(({ id }) => id));
  const removing = new Set<string>(
    plan.rules.flatMap(({ id, rule }) => (rule.type === 'back_out' && rule.mode === 'remove' ? [id] : [])),
  );
  const key = (total: { owner: string; BillingCurrency: string }) =>
    JSON.stringify([total.owner, total.BillingCurrency]);
  const costs = Map.groupBy(
    written.costs.filter(({ owner }) => customers.has(owner)),
    key,
  );
  const charges = Map.groupBy(written.charges, key);
  const deltas = Map.groupBy(written.deltas, key);
  for (const name of new Set([...costs.keys(), ...charges.keys(), ...deltas.keys()])) {
    const [cost, charge, delta] = [costs.get(name) ?? [], charges.get(name) ?? [], deltas.get(name) ?? []];
    const first = cost[0] ?? charge[0] ?? delta[0];
    const where = { owner: first?.owner ?? '', currency: first?.BillingCurrency ?? '' };
    const check = 'customer ledger = cost ledger + waterfall';
    const removed = delta.filter(({ ruleId, isApplied }) => isApplied && ruleId !== null && removing.has(ruleId));
    const parts = charge.reduce((sum, { furtherParts }) => sum + furtherParts, 0);
    const left = Number(countRows(cost)) - Number(countRows(removed)) + parts;
    yield { check, ...where, column: 'rows', expected: String(left), actual: countRows(charge) };
    const sum = (totals: readonly { sums: Record<CostColumn, string> }[], column: CostColumn) =>
      totals.map(({ sums }) => sums[column]);
    for (const column of COST_COLUMNS)
      yield {
        check,
        ...where,
        column,
        expected: sumExactly([...sum(cost, column), ...sum(delta, column)]),
        actual: sumExactly(sum(charge, column)),
      };
  }
}

function countRows(totals: readonly { readonly rows: number }[]): string {
  return String(totals.reduce((sum, { rows }) => sum + rows, 0));
}
