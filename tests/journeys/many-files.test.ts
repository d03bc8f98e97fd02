import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paginateGetExecutionHistory, SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { deliver } from '../../infra/cli/deliver.ts';
import { OWNER_CREDENTIALS } from '../../infra/local/machine/sdk-environment.ts';
import { getDelivery } from '../../lib/contracts/deliveries/get-delivery.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { BatchAnswer } from '../../lib/pipeline/receive-bill/file-description.ts';
import { csvOf } from './csv.ts';
import { type EditedTemplate, propertiesOf } from './edited-template.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { SMALL_BILL } from './small-partner.ts';

const FILES = 5_000;
const BATCHES = 200;
const EXECUTION = '2025-04-02T06:30:00.000Z-3f1c0ffe-0000-4000-8000-000000000001';
const nameOf = (part: string) => `exports/x/focus/${part}`;
const MANIFEST = nameOf(`metadata/BILLING_PERIOD=2025-03/${EXECUTION}/focus-Manifest.json`);
const POLL_MILLISECONDS = 1_000;
/** What Step Functions hands from state to state at most. */
const PAYLOAD_BYTES_MAX = 262_144;

/** The event of a data file starts nothing; five thousand of them would take the processors from the one that does. */
function hearManifestsOnly(template: EditedTemplate): void {
  const rule = propertiesOf(template, 'AWS::Events::Rule', 'PipelineObjectLanded');
  rule.EventPattern = { source: ['aws.s3'], detail: { object: { key: [{ suffix: 'Manifest.json' }] } } };
}

test('a delivery of 5,000 files is converted, every batch of it, and published to the last digit', {
  timeout: 900_000,
}, async () => {
  const product = await openEdited({ edit: hearManifestsOnly });
  try {
    await product.connect('exports', 'data_exports');
    const keys = await putFiles(product);
    const bucket = String(product.machine.outputs[OUTPUTS.landingBucketName]);
    const dataFiles = keys.map((key) => `s3://${bucket}/${key}`);
    const text = JSON.stringify({ executionId: EXECUTION, dataFiles, columns: [] });
    await deliver(product.machine, [{ key: MANIFEST, text }]);
    const delivery = await ended(product);
    expect(delivery).toMatchObject({ status: 'Registered', files: FILES, rows: FILES, periods: ['2025-03'] });
    const answers = await answersOf(product, delivery.id);
    expect(answers.map(({ batch }) => batch).sort((one, other) => one - other)).toEqual([...Array(BATCHES).keys()]);
    expect(answers.flatMap(({ files }) => files.map(({ delivered }) => delivered.sourceKey)).sort()).toEqual(keys);
    expect(await largestPayload(product, delivery.id)).toBeLessThan(PAYLOAD_BYTES_MAX / 2);
    const { runs } = await product.published();
    // 12.345678901234 five thousand times.
    expect(runs).toMatchObject([{ reconciled: true, delivered: { rows: FILES, BilledCost: '61728.39450617' } }]);
  } finally {
    await product.close();
  }
});

/** Files of one row each, as an export leaves them in the bucket; their keys in order. */
async function putFiles({ machine, folder }: Product): Promise<readonly string[]> {
  const bucket = String(machine.outputs[OUTPUTS.landingBucketName]);
  const keys = Array.from({ length: FILES }, (_, file) =>
    nameOf(`data/BILLING_PERIOD=2025-03/${EXECUTION}/focus-${String(file).padStart(5, '0')}.csv`),
  );
  const path = join(folder, 'part.csv');
  for (const key of keys) {
    await writeFile(path, csvOf([{ ...SMALL_BILL[0], ChargeDescription: key.slice(-9) }]));
    await machine.s3.objects.adopt(bucket, key, path);
  }
  return keys;
}

/** The delivery once it has ended; the test's own time-out bounds the wait, whatever else the processors do. */
async function ended({ api }: Product) {
  for (;;) {
    const [listed] = (await api.call(listDeliveries)).body.items;
    if (listed !== undefined && listed.status !== 'Receiving')
      return (await api.call(getDelivery, { params: { deliveryId: listed.id } })).body;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** The longest input or output that the execution of a delivery handed on: the answers of all batches together. */
async function largestPayload(product: Product, deliveryId: string): Promise<number> {
  const { endpoints, region, outputs } = product.machine;
  const client = new SFNClient({ region, endpoint: endpoints.SFN, credentials: OWNER_CREDENTIALS });
  const stateMachineArn = String(outputs[OUTPUTS.receiveBillArn]);
  const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${deliveryId}`;
  let most = 0;
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn }))
    for (const { stateEnteredEventDetails: entered, stateExitedEventDetails: left } of events)
      most = Math.max(most, ...[entered?.input, left?.output].map((text) => Buffer.byteLength(text ?? '')));
  return most;
}

async function answersOf({ machine }: Product, deliveryId: string): Promise<readonly BatchAnswer[]> {
  const { objects } = machine.s3;
  const bucket = String(machine.outputs[OUTPUTS.lakeBucketName]);
  const prefix = LAKE.batchAnswer(deliveryId, '').replace(/[^/]*$/, '');
  return await Promise.all(
    objects.list(bucket, prefix).map(async ({ path }) => BatchAnswer.parse(JSON.parse(await readFile(path, 'utf8')))),
  );
}
