import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { AccessRecord } from '../../../infra/local/iam/gate.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import { until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { clientsOf, outputOf, setStatus } from './administrator.ts';
import { publishedRun } from './roll-back.ts';
import { PERIOD } from './up-to-date.ts';

const [CUSTOMER, RUN, DELIVERY] = ['cus_nobody000000', `run_${'0'.repeat(40)}`, `dlv_${'0'.repeat(40)}`];
/** One object in each place that is swept, which nobody refers to. */
const LEFT = [
  LAKE.chargesFile(CUSTOMER, PERIOD, 'left', 0),
  LAKE.costsFile(CUSTOMER, PERIOD, 'left', 0),
  LAKE.waterfallFile(CUSTOMER, PERIOD, 'left', 0),
  LAKE.additionsSummary(PERIOD, 'left'),
  LAKE.plan(RUN),
  LAKE.convertedFile(DELIVERY, 'left', 0),
];

/** What is left behind is swept, on a machine that forgets at once; a pass that finds a published run's list gone gives up. */
export async function sweepTheLake(product: Product, records: readonly AccessRecord[]): Promise<void> {
  const { eventBridge, lambda, resource, s3: lake } = product.machine;
  const Bucket = outputOf(product, OUTPUTS.lakeBucketName);
  const { s3 } = clientsOf(product);
  for (const Key of LEFT) await s3.send(new PutObjectCommand({ Bucket, Key, Body: '' }));
  // A run that was quarantined is evidence: its plan says whose split it read.
  const run = `RUN#${await publishedRun(product)}`;
  await setStatus(product, run, 'Quarantined');
  // Objects have whole seconds.
  await sleep(1000);
  await eventBridge.fireSchedule(resource('AWS::Events::Rule', 'PipelineHourlySweep').name);
  await until('what nobody refers to is swept', async () =>
    LEFT.every((key) => lake.objects.find(Bucket, key) === undefined) ? true : undefined,
  );
  await setStatus(product, run, 'Published');
  const key = { Bucket, Key: LAKE.publication(await publishedRun(product)) };
  await s3.send(new DeleteObjectCommand(key));
  lambda.invokeEvent(resource('AWS::Lambda::Function', 'PipelineSweepLake').name, '{}');
  await until('SweepLake has given a call up, which is a dead letter now', async () =>
    records.some(({ principal, access }) => {
      const isSweeper = principal.kind === 'role' && principal.roleArn.includes('SweepLake');
      return isSweeper && access.action === 'sqs:SendMessage';
    })
      ? true
      : undefined,
  );
}
