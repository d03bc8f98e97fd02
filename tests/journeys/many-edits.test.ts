import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import { updateRule } from '../../lib/contracts/rules/update-rule.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { csvOf } from './csv.ts';
import { PATIENT } from './deliver-anyhow.ts';
import type { Product } from './open-product.ts';
import { openSmallPartner, SMALL_BILL } from './small-partner.ts';

const EDITS = 300;
const uplift = (percent: string) => ({
  ...{ name: 'Uplift', type: 'rerate' as const, base: 'billed_cost' as const, offsetPercent: percent },
  ...{ startDate: '2025-01-01', customers: 'all' as const },
});

let product: Product;

beforeAll(async () => {
  ({ product } = await openSmallPartner([uplift('1')]));
}, PATIENT.timeout);
afterAll(() => product.close());

test('three hundred edits while a delivery is worked on cost at most two runs more, and the last one counts', {
  timeout: 2 * PATIENT.timeout,
}, async () => {
  const { api } = product;
  const runs = async () => (await api.call(listRuns, { query: { limit: 100 } as never })).body.items;
  const before = new Set((await runs()).map(({ id }) => id));
  const [rule] = (await api.call(listRules)).body.items;
  if (rule === undefined) throw new Error('the rule was not made');
  const [first, ...rest] = SMALL_BILL;
  await product.receive('acme', 'bill.csv', csvOf([{ ...first, BilledCost: '1000' }, ...rest]));
  for (let edit = 1; edit <= EDITS; edit += 1) {
    const body = uplift(edit === EDITS ? '100' : String(edit % 50));
    await api.call(updateRule, { params: { ruleId: rule.id }, body, ifMatch: `"${edit}"` });
  }
  const summary = await product.published();
  expect(summary.runs[0]?.customers.map(({ charged }) => charged.BilledCost)).toEqual(['2208.7', '83.98']);
  const made = (await runs()).filter(({ id, status }) => !before.has(id) && status !== 'NothingToDo');
  expect(made.map(({ status }) => status)).not.toContain('Failed');
  expect(made.length).toBeLessThanOrEqual(3);
});
