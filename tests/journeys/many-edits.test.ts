import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import { updateRule } from '../../lib/contracts/rules/update-rule.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { csvOf } from './csv.ts';
import { PATIENT } from './deliver-anyhow.ts';
import { heldRun, holdAfter } from './held-runs.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { OWNED, SMALL_BILL } from './small-partner.ts';

const EDITS = 300;
const uplift = (percent: string) => ({
  ...{ name: 'Uplift', type: 'rerate' as const, base: 'billed_cost' as const, offsetPercent: percent },
  ...{ startDate: '2025-01-01', customers: 'all' as const },
});

let product: Product;

beforeAll(async () => {
  product = await openEdited({ edit: (template) => holdAfter(template, 'Reconcile') });
  await product.connect('acme');
  const customers = Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] }));
  await product.configure({ partner: { name: 'Partner', currency: 'USD' }, customers, rules: [uplift('1')] });
});
afterAll(() => product.close());

test('three hundred edits while a delivery is worked on cost exactly one run more, priced from its split by the last of them', {
  timeout: 2 * PATIENT.timeout,
}, async () => {
  const { api, machine } = product;
  await product.receive('acme', 'bill.csv', csvOf(SMALL_BILL));
  const delivered = await heldRun(machine);
  const [rule] = (await api.call(listRules)).body.items;
  if (rule === undefined) throw new Error('the rule was not made');
  for (let edit = 1; edit <= EDITS; edit += 1) {
    const body = uplift(edit === EDITS ? '100' : String(edit % 50));
    await api.call(updateRule, { params: { ruleId: rule.id }, body, ifMatch: `"${edit}"` });
  }
  await delivered.goOn(delivered.handedOn);
  const followUp = await heldRun(machine);
  await followUp.goOn(followUp.handedOn);
  const summary = await product.published();
  expect(summary.runs[0]?.customers.map(({ charged }) => charged.BilledCost)).toEqual(['233.39135780247', '83.98']);
  const runs = (await api.call(listRuns)).body.items;
  expect(runs.filter(({ status }) => status !== 'NothingToDo').map(({ id, status }) => [id, status])).toEqual([
    [followUp.runId, 'Published'],
    [delivered.runId, 'Published'],
  ]);
  expect(Object.keys(runs.find(({ id }) => id === followUp.runId)?.steps ?? {})).not.toContain('SplitByShard');
});
