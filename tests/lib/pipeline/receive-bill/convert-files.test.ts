import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { batchesOf, type FrozenFile } from '../../../../lib/pipeline/receive-bill/frozen-list.ts';
import { receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

describe('a worker of ConvertFiles', () => {
  const begin = receivingBills();

  test('says that it lives before it does anything, and drops the work of a dead token', async () => {
    const receiving = begin();
    const object = await receiving.land('acme/a.csv', bill([{}]));
    receiving.tokens.answers.set('token 0', { output: 'answered before' });
    expect(await receiving.convert(object, 0)).toEqual({ output: 'answered before' });
    expect(receiving.tokens.heartbeats).toEqual(['token 0']);
    expect(await receiving.lake.list(`deliveries/${object.deliveryId}/`)).toEqual([]);
  });

  test('answers with where its descriptions lie and what they hash to', async () => {
    const receiving = begin();
    const object = await receiving.land('acme/b.csv', bill([{}, {}]));
    await receiving.readManifest(object);
    const answer = await receiving.convert(object, 0);
    const { answerKey, sha256 } = Object(answer !== undefined && 'output' in answer ? answer.output : undefined);
    const { text } = (await receiving.lake.readText(answerKey)) ?? { text: '' };
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
    expect(JSON.parse(text)).toMatchObject({ batch: 0, files: [{ delivered: { rows: 2, sourceKey: 'acme/b.csv' } }] });
  });

  test('two attempts at one batch never write to one place', async () => {
    const receiving = begin();
    const object = await receiving.land('acme/c.csv', bill([{}]));
    await receiving.readManifest(object);
    const before = (await receiving.lake.list(`deliveries/${object.deliveryId}/`)).length;
    await receiving.convert(object, 0);
    await receiving.convert(object, 0);
    expect((await receiving.lake.list(`deliveries/${object.deliveryId}/`)).length - before).toBe(4);
  });

  test('an error that is not about the file lets the message come again', async () => {
    const receiving = begin();
    const object = await receiving.land('acme/e.csv', bill([{}]));
    await receiving.readManifest(object);
    await receiving.lake.delete(LAKE.batch(object.deliveryId, 0));
    await expect(receiving.convert(object, 0)).rejects.toThrow('is gone');
    expect(receiving.tokens.answers.size).toBe(0);
  });
});

describe('batches', () => {
  const files = (count: number): FrozenFile[] =>
    Array.from({ length: count }, (_, file) => ({
      file,
      key: `acme/${file}.csv`,
      kind: 'csv',
      etag: '"x"',
      versionId: null,
      sizeBytes: 1,
    }));

  test.each([
    [1, 1, 1],
    [25, 1, 25],
    [26, 2, 25],
    [5000, 200, 25],
    [5001, 193, 26],
    [12_345, 200, 62],
  ])('%d files make %d batches of at most %d', (count, batches, most) => {
    const dealt = batchesOf(files(count));
    expect(dealt).toHaveLength(batches);
    expect(Math.max(...dealt.map(({ length }) => length))).toBe(most);
    expect(dealt.flat().map(({ file }) => file)).toEqual(files(count).map(({ file }) => file));
  });
});
