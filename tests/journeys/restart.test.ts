import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { csvOf } from './csv.ts';
import { deliverAnyhow, PATIENT, runOf, until } from './deliver-anyhow.ts';
import { endedExecutionOf, executionOf, executionsOf, type MachineName } from './execution-of.ts';
import { heldRun, holdAfter } from './held-runs.ts';
import { type Edits, startEdited } from './open-edited.ts';
import { openProduct, type Product } from './open-product.ts';
import { publishedResult } from './published-result.ts';
import { OWNED, SMALL_BILL } from './small-partner.ts';

const PERIOD = '2025-03';
const RULES = [
  { name: 'Ten', type: 'rerate', base: 'billed_cost', offsetPercent: '10', startDate: '2025-01-01', customers: 'all' },
];
/** Only where a test holds it, so that a run stands at a known place when the machine is closed. */
const HELD: Edits = { edit: (template) => holdAfter(template, 'MeasureBill') };

describe('a machine that is closed in the middle of a run and started again in its folder', PATIENT, () => {
  let product: Product;
  let customers: ReadonlyMap<string, string>;
  let undisturbed: Awaited<ReturnType<typeof resultOf>>;

  beforeAll(async () => {
    product = await openProduct((folder) => startEdited(folder, {}));
    for (const id of ['calm', 'held', 'priced', 'received']) await product.connect(id);
    customers = await product.configure({
      partner: { name: 'Partner' },
      customers: Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] })),
      rules: RULES,
    });
    await runOf(product, await deliverAnyhow(product, 'calm', billFor('calm')));
    undisturbed = await resultOf('calm');
    expect(undisturbed).toMatchObject({ status: 'Published', figures: [{ delivered: { rows: SMALL_BILL.length } }] });
    expect(undisturbed.rows.flat()).toHaveLength(2 * (SMALL_BILL.length - 1) + SMALL_BILL.length);
  });
  afterAll(async () => {
    await product.machine.close();
    await product.close();
  });

  const billFor = (integrationId: string) => [{ key: `${integrationId}/bill.csv`, text: csvOf(SMALL_BILL) }];
  const restart = async (edits: Edits = {}) => {
    await product.machine.close();
    const opened = await startEdited(join(product.folder, 'machine'), edits);
    product = { ...product, ...opened };
  };
  /** The newest execution, once it has entered a state. */
  const entered = (machine: MachineName, state: string, before: readonly string[]) =>
    until(`${state} was entered`, async () => {
      const name = (await executionsOf(product.machine, machine)).find((one) => !before.includes(one));
      if (name === undefined) return undefined;
      const execution = await executionOf(product.machine, machine, name);
      return execution.states.includes(state) ? { name, ...execution } : undefined;
    });
  const resultOf = (integrationId: string) =>
    publishedResult(product, { integrationId, period: PERIOD, customers: customers.values() });

  test('publishes what an undisturbed run does, closed after MeasureBill', async () => {
    await restart(HELD);
    const before = await executionsOf(product.machine, 'splitBillArn');
    await deliver(product.machine, billFor('held'));
    const first = await heldRun(product.machine);
    const { name, states } = await entered('splitBillArn', 'Hold', before);
    expect([name, states.slice(-2)]).toEqual([first.runId, ['MeasureBill', 'Hold']]);
    await restart(HELD);
    const again = await heldRun(product.machine);
    expect(again.runId).toBe(first.runId);
    await again.goOn(again.handedOn);
    await endedExecutionOf(product.machine, 'splitBillArn', name);
    expect(await resultOf('held')).toEqual(undisturbed);
  });

  test('publishes what an undisturbed run does, closed while a worker prices', async () => {
    await restart();
    const before = await executionsOf(product.machine, 'splitBillArn');
    await deliver(product.machine, billFor('priced'));
    const { name, states } = await entered('splitBillArn', 'PriceShard', before);
    expect(states).not.toContain('Published');
    await restart();
    await endedExecutionOf(product.machine, 'splitBillArn', name);
    expect(await resultOf('priced')).toEqual(undisturbed);
  });

  test('receives a bill that it was converting', async () => {
    const before = await executionsOf(product.machine, 'receiveBillArn');
    await deliver(product.machine, billFor('received'));
    const { name } = await entered('receiveBillArn', 'ConvertBatch', before);
    await restart();
    await until('the bill is published', async () => {
      const { items } = (await product.api.call(listRuns, { query: { integrationId: 'received' } })).body;
      return items.find(({ deliveryId, status }) => deliveryId === name && status !== 'Running');
    });
    expect(await resultOf('received')).toEqual(undisturbed);
  });
});
