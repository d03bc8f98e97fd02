import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { rollbackPeriod } from '../../../lib/contracts/periods/rollback-period.ts';
import { unpinPeriod } from '../../../lib/contracts/periods/unpin-period.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { IntegrationId, type RunId } from '../../../lib/domain/ids.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { outputOf } from './administrator.ts';
import { PERIOD, upToDate } from './up-to-date.ts';

const ACME = IntegrationId.parse('acme');

/** Goes back to the first run, whose customers were two, and forward again, to one: lists come and go. */
export async function rollBackAndForth(product: Product): Promise<void> {
  const { api } = product;
  const params = { integrationId: ACME, period: PERIOD };
  const published = (await api.call(listRuns, { query: { integrationId: ACME } })).body.items.filter(
    ({ status }) => status === 'Published',
  );
  for (const runId of [published.at(-1)?.id, await publishedRun(product)]) {
    if (runId === undefined) throw new Error('there is no run to go back to');
    await api.call(rollbackPeriod, { params, body: { runId } });
    await listsWritten(product);
  }
  await api.call(unpinPeriod, { params });
  await upToDate(product);
}

/** The run that the month of `acme` points to. */
export async function publishedRun({ api }: Product): Promise<RunId> {
  const { items } = (await api.call(listPeriods)).body;
  const runId = items.find(({ integrationId }) => integrationId === ACME)?.published?.runId;
  if (runId === undefined) throw new Error('nothing of acme is published');
  return runId;
}

/** The asks of a rollback are done: nothing waits in the lists queue. */
async function listsWritten(product: Product): Promise<void> {
  const queue = outputOf(product, OUTPUTS.listsQueueUrl).replace(/^.*\//, '');
  await until('the lists are written', async () =>
    (await product.machine.sqs.messagesHeld()).get(queue) === undefined ? true : undefined,
  );
}
