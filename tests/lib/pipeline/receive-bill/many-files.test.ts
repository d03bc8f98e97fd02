import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import {
  BatchAnswer,
  BatchReceipt,
  type FileDescription,
} from '../../../../lib/pipeline/receive-bill/file-description.ts';
import { Batch } from '../../../../lib/pipeline/receive-bill/frozen-list.ts';
import { type Receiving, receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

const FILES = 5000;
const PAYLOAD_BYTES_MAX = 262_144;
const nameOf = (file: number) => `part-${String(file).padStart(5, '0')}.csv`;

describe('a delivery of 5,000 files', { timeout: 240_000 }, () => {
  const begin = receivingBills();

  test('is frozen, dealt into 200 batches and registered whole, its answers together far below a payload', async () => {
    const receiving = begin();
    const names = Array.from({ length: FILES }, (_, file) => nameOf(file));
    for (const name of names) await receiving.land(`acme/many/${name}`, bill([{ ChargeDescription: name }]));
    const object = await receiving.land('acme/many/_manifest.json', JSON.stringify({ files: names }));
    const frozen = await receiving.readManifest(object);
    if (frozen.outcome !== 'ready') throw new Error(`ReadManifest answered ${frozen.outcome}`);
    expect(frozen.batchCount).toBe(200);
    const answer = await receiving.convert(object, 0);
    const first = BatchReceipt.parse(answer !== undefined && 'output' in answer ? answer.output : undefined);
    const receipts = [first];
    for (const batch of frozen.batches.slice(1))
      receipts.push(await answerLike(receiving, object.deliveryId, first, batch));
    const step = JSON.stringify({ deliveryId: object.deliveryId, answers: receipts });
    expect(Buffer.byteLength(step)).toBeLessThan(PAYLOAD_BYTES_MAX / 2);
    expect(await receiving.register(object, receipts)).toMatchObject({ outcome: 'registered', periods: ['2025-03'] });
    const registered = await receiving.bill(object);
    expect(registered.periods).toEqual([{ period: '2025-03', rows: FILES }]);
    expect(registered.files.map(({ sourceKey }) => sourceKey)).toEqual(names.map((name) => `acme/many/${name}`));
  });
});

/**
 * What a worker would have answered for another batch, made of the answer for the first: converting 5,000 files takes
 * minutes, and one batch is converted as the next one is.
 */
async function answerLike(
  receiving: Receiving,
  deliveryId: string,
  first: BatchReceipt,
  batch: number,
): Promise<BatchReceipt> {
  const read = async (key: string) => JSON.parse((await receiving.lake.readText(key))?.text ?? 'null');
  const { files } = Batch.parse(await read(LAKE.batch(deliveryId, batch)));
  const described = BatchAnswer.parse(await read(first.answerKey)).files;
  const answered = described.map((description, at): FileDescription => {
    const { file = 0, key = '' } = files[at] ?? {};
    return { ...description, file, sha256: sha256(key), delivered: { ...description.delivered, sourceKey: key } };
  });
  const text = JSON.stringify({ batch, files: answered });
  const answerKey = first.answerKey.replace(/[^/]+$/, `like-${batch}.json`);
  await receiving.lake.writeText(answerKey, text);
  return { batch, answerKey, sha256: sha256(text) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
