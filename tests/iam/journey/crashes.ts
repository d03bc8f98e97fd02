import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { getRun } from '../../../lib/contracts/runs/get-run.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { changeRecord, clientsOf, outputOf, setStatus } from './administrator.ts';
import { preview } from './api-questions.ts';
import { publishedRun } from './roll-back.ts';
import { PERIOD, upToDate } from './up-to-date.ts';

/** What crashes leave behind, and what mends it; `gone` is a customer that has nothing any more. */
export async function mendWhatCrashed(product: Product, gone: CustomerId): Promise<void> {
  await finishPublication(product, gone);
  await takeLeaseOfTheDead(product);
  await startByHand(product);
  // Lambda calls it without waiting, and gives the call up.
  const { lambda } = product.machine;
  lambda.invokeEvent(product.machine.resource('AWS::Lambda::Function', 'PipelineCloseRun').name, '{"strange":true}');
}

const sweep = ({ machine }: Product) =>
  machine.eventBridge.fireSchedule(machine.resource('AWS::Events::Rule', 'PipelineSweep').name);

/** Published, and the run still Running: lists of a customer that is gone stand, another's are missing. */
async function finishPublication(product: Product, gone: CustomerId): Promise<void> {
  const runId = await publishedRun(product);
  await setStatus(product, `RUN#${runId}`, 'Running');
  const { s3 } = clientsOf(product);
  const Bucket = outputOf(product, OUTPUTS.lakeBucketName);
  const { objects } = product.machine.s3;
  const lists = ['published/', 'partner/published/'].flatMap((prefix) => objects.list(Bucket, prefix));
  for (const { key } of lists) {
    if (!key.endsWith('/acme.txt') || key.includes('unassigned')) continue;
    const left = key.replace(/customer=([^/]+)/, `customer=${gone}`);
    await s3.send(new PutObjectCommand({ Bucket, Key: left, Body: '' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
  }
  await preview(product);
  await sweep(product);
  await until('the publication is finished', async () =>
    (await product.api.call(getRun, { params: { runId } })).body.status === 'Published' ? true : undefined,
  );
}

/** A lease that has run out, of an execution that has ended, over a period that is behind. */
async function loseLease(product: Product): Promise<void> {
  const { sfn } = clientsOf(product);
  const stateMachineArn = outputOf(product, OUTPUTS.splitBillArn);
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
  const lease = {
    runId: { S: await publishedRun(product) },
    executionArn: { S: executions[0]?.executionArn ?? '' },
    fence: { N: '1' },
    expiresAt: { S: '2025-01-01T00:00:00.000Z' },
  };
  await changeRecord(product, `PERIOD#acme#${PERIOD}`, {
    expression: 'SET #lease = :lease, #published.#revision = :zero',
    names: { '#lease': 'lease', '#published': 'published', '#revision': 'configRevision' },
    values: { ':lease': { M: lease }, ':zero': { N: '0' } },
  });
}

async function takeLeaseOfTheDead(product: Product): Promise<void> {
  await loseLease(product);
  await sweep(product);
  await upToDate(product);
}

/** An execution that nobody recorded takes the lease itself; one that says nothing sensible is closed by its own Catch. */
async function startByHand(product: Product): Promise<void> {
  const { sfn } = clientsOf(product);
  const stateMachineArn = outputOf(product, OUTPUTS.splitBillArn);
  const start = (name: string, input: object) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  const before = await publishedRun(product);
  await loseLease(product);
  const runId = before.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (digit) => (digit === '0' ? '1' : '0'));
  await start(runId, { runId, integrationId: 'acme', period: PERIOD });
  await upToDate(product);
  await start(`${runId}-2`, { runId: before, integrationId: '', period: PERIOD });
}
