import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { AccessRecord } from '../../../infra/local/iam/gate.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { changeRecord, clientsOf, outputOf, setStatus } from './administrator.ts';
import { publishedRun } from './roll-back.ts';
import { PERIOD } from './up-to-date.ts';

const NOBODYS = '00000000-0000-4000-8000-000000000000';
const GONE_RUN = `run_${'0'.repeat(40)}`;
const GONE_DELIVERY = `dlv_${'0'.repeat(40)}`;

/** What nothing refers to, in every part of the lake that is swept. */
const ORPHANS = [
  LAKE.chargesFile('cus_gone', PERIOD, NOBODYS, 0),
  LAKE.costsFile('cus_gone', PERIOD, NOBODYS, 0),
  LAKE.waterfallFile('cus_gone', PERIOD, NOBODYS, 0),
  LAKE.additionsSummary(PERIOD, NOBODYS),
  LAKE.plan(GONE_RUN),
  LAKE.convertedFile(GONE_DELIVERY, NOBODYS, 0),
];

/**
 * The hourly pass over the lake deletes orphans; and one that fails, over a pointer to a run that is not there, is a dead
 * letter. Readers of yesterday must have been given no time (`READERS_SECONDS`): else nothing is old enough.
 */
export async function sweepTheLake(product: Product, records: readonly AccessRecord[]): Promise<void> {
  const { machine } = product;
  const { s3 } = clientsOf(product);
  const Bucket = outputOf(product, OUTPUTS.lakeBucketName);
  for (const Key of ORPHANS) await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
  const pass = () =>
    machine.eventBridge.fireSchedule(machine.resource('AWS::Events::Rule', 'PipelineHourlySweep').name);
  // What a run at work has planned is kept.
  const runId = await publishedRun(product);
  await setStatus(product, `RUN#${runId}`, 'Running');
  await until('the orphans are swept', async () => {
    await pass();
    return ORPHANS.every((key) => machine.s3.objects.find(Bucket, key) === undefined) ? true : undefined;
  });
  await setStatus(product, `RUN#${runId}`, 'Published');
  const pointTo = (id: string) =>
    changeRecord(product, `PERIOD#acme#${PERIOD}`, {
      expression: 'SET #published.#runId = :id',
      names: { '#published': 'published', '#runId': 'runId' },
      values: { ':id': { S: id } },
    });
  await pointTo(GONE_RUN);
  await pass();
  await until('a pass that failed is a dead letter', async () =>
    records.some(
      ({ principal, access }) =>
        principal.kind === 'role' && principal.roleArn.includes('SweepLake') && access.action === 'sqs:SendMessage',
    )
      ? true
      : undefined,
  );
  await pointTo(runId);
}
