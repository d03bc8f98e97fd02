import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import { getAdditions } from '../../lib/contracts/additions/get-additions.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { RECEIVE_BILL_STEPS, SPLIT_BILL_STEPS } from '../../lib/names/steps.ts';
import { PATIENT, until } from './deliver-anyhow.ts';
import { endedExecutionOf, executionsOf } from './execution-of.ts';
import { billOf } from './killed/bill-of.ts';
import { GRACE_SECONDS, type KillOrder } from './killed/kill-order.ts';
import { startEdited } from './open-edited.ts';
import { openProduct, type Product } from './open-product.ts';
import { publishedResult } from './published-result.ts';
import { OWNED, SMALL_BILL } from './small-partner.ts';

const PERIOD = '2025-03';
const RULES = [
  { name: 'Ten', type: 'rerate', base: 'billed_cost', offsetPercent: '10', startDate: '2025-01-01', customers: 'all' },
  {
    ...{ name: 'Care', type: 'charge', amount: '19.99', frequency: 'monthly', serviceName: 'Acme Services' },
    ...{ startDate: '2025-01-01', customers: 'all' },
  },
];
/** Additions are asked for by a publish: one is killed over them in the middle, and the next publish asks again. */
const KILLS = [...RECEIVE_BILL_STEPS, 'PriceAdditions', ...SPLIT_BILL_STEPS].map((step) => ({
  step,
  integrationId: step.toLowerCase(),
}));
const CALM = 'calm';
/** The local queues forget with the process, as SQS does not: an ask for additions that a kill took comes again with this bill. */
const LATER = 'later';
const RUNNER = join(import.meta.dirname, 'killed/run-until-killed.ts');

describe('a machine that is killed in the middle of a step and started again', PATIENT, () => {
  let product: Product;
  let customers: readonly string[];
  let undisturbed: Awaited<ReturnType<typeof resultOf>>;
  let additions: Awaited<ReturnType<typeof additionsOf>>;
  let before: string | null = null;

  const open = (folder: string) => startEdited(folder, { parameters: { ManifestGraceSeconds: String(GRACE_SECONDS) } });
  const resultOf = (integrationId: string) => publishedResult(product, { integrationId, period: PERIOD, customers });
  const additionsOf = () =>
    until('the additions are priced', async () => {
      const { body } = await product.api.call(getAdditions, { params: { period: PERIOD } });
      return body.recomputing ? undefined : body.additions;
    });

  beforeAll(async () => {
    product = await openProduct(open);
    await product.connect(CALM);
    await product.connect(LATER);
    for (const { integrationId } of KILLS) await product.connect(integrationId);
    const configured = await product.configure({
      partner: { name: 'Partner', currency: 'USD' },
      customers: Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] })),
      rules: RULES,
    });
    customers = [...configured.values()];
    await product.receiveFiles(CALM, billOf(CALM).slice(0, 1));
    await product.published();
    undisturbed = await resultOf(CALM);
    additions = await additionsOf();
    expect(undisturbed).toMatchObject({ status: 'Published', figures: [{ delivered: { rows: SMALL_BILL.length } }] });
    await product.machine.close();
  });
  afterAll(() => product.close());

  test.each(KILLS)('is killed in $step', async ({ step, integrationId }) => {
    const order: KillOrder = { folder: join(product.folder, 'machine'), before, integrationId, step };
    const child = spawn(process.execPath, [RUNNER, JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code, signal] = await once(child, 'exit');
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
    before = integrationId;
  });

  test('one run of each bill ends Published, with the rows and figures of an undisturbed one', async () => {
    product = { ...product, ...(await open(join(product.folder, 'machine'))) };
    for (const machine of ['receiveBillArn', 'splitBillArn'] as const)
      for (const name of await executionsOf(product.machine, machine))
        expect(await endedExecutionOf(product.machine, machine, name)).toMatchObject({ status: 'SUCCEEDED' });
    for (const { integrationId } of KILLS) {
      const { items } = (await product.api.call(listRuns, { query: { integrationId } })).body;
      // A manifest's file may have been taken for a bill of its own first: its run is overtaken then.
      const overtaken = ['NothingToDo', 'Superseded'];
      const statuses = items.map(({ status }) => status).filter((status) => !overtaken.includes(status));
      expect({ integrationId, statuses }).toEqual({ integrationId, statuses: ['Published'] });
      expect(await resultOf(integrationId), integrationId).toEqual(undisturbed);
    }
    await deliver(product.machine, billOf(LATER).slice(0, 1));
    await until('the later bill is published', async () =>
      (await product.api.call(listPeriods)).body.items.find(
        ({ integrationId, published }) => integrationId === LATER && published !== null,
      ),
    );
    expect(await additionsOf()).toEqual(additions);
    const periods = (await product.api.call(listPeriods)).body.items;
    expect(periods.map(({ upToDate }) => upToDate)).toEqual([CALM, ...KILLS, LATER].map(() => true));
  });
});
