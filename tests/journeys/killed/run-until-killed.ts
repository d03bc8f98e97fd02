import { setTimeout as sleep } from 'node:timers/promises';
import { deliver } from '../../../infra/cli/deliver.ts';
import type { OpenMachine } from '../../../infra/cli/open-machine.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { RECEIVE_BILL_STEPS } from '../../../lib/names/steps.ts';
import { until } from '../deliver-anyhow.ts';
import { executionOf, executionsOf } from '../execution-of.ts';
import { startEdited } from '../open-edited.ts';
import { billOf } from './bill-of.ts';
import { GRACE_SECONDS, KillOrder, WAITING_STEP } from './kill-order.ts';

/*
 * A process of its own: starts the machine in a folder, lets what it was killed over before come to its end, delivers the
 * next bill and kills itself in the middle of one step.
 */
const order = KillOrder.parse(JSON.parse(process.argv[2] ?? ''));
const ASK_MILLISECONDS = 5;

const opened = await startEdited(order.folder, { parameters: { ManifestGraceSeconds: String(GRACE_SECONDS) } });
if (order.before !== null) await endOf(opened, order.before);
const [file, manifest] = billOf(order.integrationId);
const known = await executionsOf(opened.machine, machineOf(order.step));
await deliver(opened.machine, [order.step === WAITING_STEP ? manifest : file]);
while (!(await isIn(opened, order.step))) await sleep(ASK_MILLISECONDS);
process.kill(process.pid, 'SIGKILL');

/** A delivery whose machine was killed while it waited for its file gets that now. */
async function endOf({ machine, api }: OpenMachine, integrationId: string): Promise<void> {
  if (integrationId === WAITING_STEP.toLowerCase()) await deliver(machine, billOf(integrationId).slice(0, 1));
  await until(`${integrationId} is published`, async () =>
    (await api.call(listRuns, { query: { integrationId } })).body.items.find(({ status }) => status === 'Published'),
  );
}

function machineOf(step: string): 'receiveBillArn' | 'splitBillArn' {
  const receives: readonly string[] = RECEIVE_BILL_STEPS;
  return receives.includes(step) ? 'receiveBillArn' : 'splitBillArn';
}

async function isIn({ machine }: OpenMachine, step: string): Promise<boolean> {
  const isAdding = step === 'PriceAdditions';
  const name = (await executionsOf(machine, machineOf(step))).find((one) => !known.includes(one));
  if (name === undefined) return false;
  const { states } = await executionOf(machine, machineOf(step), name);
  if (!isAdding) return states.includes(step);
  // Asked for by Publish: what a worker has in its hands before that is of another bill.
  const queue = machine.resource('AWS::SQS::Queue', 'PipelineAdditionsQueue').name;
  return states.includes('ReleaseLease') && ((await machine.sqs.depths()).get(queue)?.notVisible ?? 0) > 0;
}
