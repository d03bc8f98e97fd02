import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Condition } from '../../../lib/domain/condition.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { compileRules } from '../../../lib/rules/compile-rules.ts';
import { matchesCondition } from '../../../lib/rules/conditions/matches-condition.ts';
import { inMemory, openForRules, type RowOfTest } from './delivered-table.ts';
import { price } from './priced.ts';
import { stored } from './stored.ts';

/** What one filter may hold at most (`lib/domain/condition.ts`). */
const LEAVES = 200;
const VALUES_OF_LEAF = 5;
const DEPTH = 8;

const OPERATORS = ['in', 'notIn', 'startsWith', 'contains', 'wildcard', 'matches'] as const;
const FIELDS = ['ServiceName', 'ChargeDescription', 'ResourceId', 'RegionId', 'Tags'] as const;

const LEAF = Array.from({ length: LEAVES }, (_, at) => {
  const field = FIELDS[at % FIELDS.length] ?? 'ServiceName';
  return {
    field,
    ...(field === 'Tags' ? { key: `key ${at % 3}` } : {}),
    op: OPERATORS[at % OPERATORS.length] ?? 'in',
    values: Array.from({ length: VALUES_OF_LEAF }, (_, of) => `v${at}-${of}`),
  };
});

/** Groups in groups as deep as they go, `any` and `all` in turn, the leaves shared out among them. */
function alternating(depth = 0): unknown {
  const share = LEAVES / DEPTH;
  const own = LEAF.slice(depth * share, (depth + 1) * share);
  const parts = depth === DEPTH - 1 ? own : [...own, alternating(depth + 1)];
  return depth % 2 === 0 ? { any: parts } : { all: parts };
}

/** Groups of two, `all` and `any` in turn, down to the leaves. */
function halved(leaves: readonly unknown[], depth = 0): unknown {
  if (depth === DEPTH - 1) return { any: leaves };
  const middle = Math.ceil(leaves.length / 2);
  const parts = [leaves.slice(0, middle), leaves.slice(middle)].map((half) => halved(half, depth + 1));
  return depth % 2 === 0 ? { all: parts } : { any: parts };
}

function negated(filter: unknown, times: number): unknown {
  return times === 0 ? filter : { not: negated(filter, times - 1) };
}

const values = Array.from({ length: LEAVES * VALUES_OF_LEAF }, (_, at) => `v${at % LEAVES}-${at % 7}`);
const WIDEST: Readonly<Record<string, unknown>> = {
  'every test in one any': { any: LEAF },
  'every test in one all': { all: LEAF },
  'any and all in turn, as deep as they go': alternating(),
  'halved down to the leaves': halved(LEAF),
  'not of not, as deep as it goes, over an any': negated({ any: LEAF }, DEPTH - 1),
  'not of not, as deep as it goes, over an all': negated({ all: LEAF }, DEPTH - 1),
  'every test under a not of its own': { all: LEAF.map((leaf) => ({ not: { not: leaf } })) },
  ...Object.fromEntries(
    OPERATORS.map((op) => [`a thousand values of one ${op}`, { field: 'ServiceName', op, values }]),
  ),
};

const costs = { BilledCost: '100', EffectiveCost: '100', ContractedCost: '100', ListCost: '100' };
const ROWS: readonly RowOfTest[] = [
  { ServiceName: 'v0-1', ChargeDescription: 'v1-0', ResourceId: 'v2-3', RegionId: 'v3-3', Tags: { 'key 1': 'v4-4' } },
  { ServiceName: 'v150-2', ChargeDescription: 'x', ResourceId: 'x', RegionId: 'x', Tags: {} },
  { ServiceName: 'x', ChargeDescription: 'v196-2', ResourceId: 'V197-0', RegionId: 'x', Tags: null },
  { ServiceName: null, ChargeDescription: null, ResourceId: null, RegionId: null, Tags: null },
].map((row, at) => ({ ...costs, ...row, x_RowId: `row ${at}` }));

describe(`A filter of ${LEAVES} tests and ${LEAVES * VALUES_OF_LEAF} values`, () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test.each(Object.entries(WIDEST))('prices the rows that it means: %s', async (_name, wire) => {
    const filter = Condition.parse(wire);
    const rules = stored({ type: 'rerate', base: 'billed_cost', offsetPercent: '5', filter });
    const { priced } = await price(database, rules, ROWS);
    expect(priced.map(({ x_RuleNumber }) => x_RuleNumber)).toEqual(
      ROWS.map((row) => (matchesCondition(filter, inMemory(row)) ? '1' : null)),
    );
  });

  test('is compiled flat: parentheses stand in one another no deeper than groups do, and a test’s own', () => {
    const depthOf = (filter: unknown) => {
      const rules = stored({ type: 'back_out', filter });
      return deepest(compileRules(rules, { precedence: 'first_match', runId: 'run_1' }).priced(1));
    };
    const own = depthOf(LEAF[0]);
    for (const filter of Object.values(WIDEST)) expect(depthOf(filter)).toBeLessThanOrEqual(own + DEPTH + 2);
  });
});

/** How deep parentheses stand in one another outside of literals. */
function deepest(statement: string): number {
  let depth = 0;
  let most = 0;
  for (const sign of statement.replaceAll(/'(?:[^']|'')*'/g, '').replaceAll(/[^()]/g, '')) {
    depth += sign === '(' ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}
