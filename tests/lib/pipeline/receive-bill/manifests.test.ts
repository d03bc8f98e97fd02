import { beforeEach, describe, expect, test } from 'vitest';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { FrozenList } from '../../../../lib/pipeline/receive-bill/frozen-list.ts';
import { type Receiving, receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

const EXECUTION = '2025-04-02T06:30:00.000Z-3f1c0ffe-0000-4000-8000-000000000001';
const MANIFEST = `acme/exports/focus/metadata/BILLING_PERIOD=2025-03/${EXECUTION}/focus-Manifest.json`;
const DATA = `acme/exports/focus/data/BILLING_PERIOD=2025-03/${EXECUTION}/focus-00001.csv`;
const manifestOf = (...files: string[]) => JSON.stringify({ executionId: EXECUTION, dataFiles: files, columns: [] });

describe('a manifest of AWS Data Exports', () => {
  const begin = receivingBills();
  let receiving: Receiving;
  beforeEach(() => {
    receiving = begin();
    receiving.delivery = 'data_exports';
  });

  test('freezes its files, its period from the path, and its place in the order from the execution’s own time', async () => {
    await receiving.land(DATA, bill([{}]));
    const object = await receiving.land(MANIFEST, manifestOf(`s3://landing/${DATA}`));
    await receiving.receive(object);
    const list = FrozenList.parse(
      JSON.parse((await receiving.lake.readText(LAKE.frozenList(object.deliveryId)))?.text ?? ''),
    );
    expect(list).toMatchObject({ period: '2025-03', bare: false, files: [{ key: DATA, kind: 'csv' }] });
    expect(list.deliverySeq).toMatch(/^2025-04-02T06:30:00\.000Z#[0-9A-F]{32}$/);
    expect(receiving.asked).toEqual([['acme', '2025-03']]);
  });

  test('a bill of no rows is still the bill of its period', async () => {
    await receiving.land(DATA, bill([]));
    const object = await receiving.land(MANIFEST, manifestOf(`s3://landing/${DATA}`));
    await receiving.receive(object);
    expect((await receiving.bill(object)).periods).toEqual([{ period: '2025-03', rows: 0 }]);
  });

  test('a row of another month than the path says is refused, not lost', async () => {
    await receiving.land(DATA, bill([{}, { BillingPeriodStart: '2025-02-01' }]));
    const object = await receiving.land(MANIFEST, manifestOf(`s3://landing/${DATA}`));
    await expect(receiving.receive(object)).rejects.toMatchObject({
      code: 'value_unreadable',
      details: { file: DATA, row: 2, column: 'BillingPeriodStart', value: '2025-02' },
    });
  });

  test('waits for files that are not there yet, and refuses by name when the grace is over', async () => {
    const missing = DATA.replace('00001', '00002');
    const object = await receiving.land(MANIFEST, manifestOf(`s3://landing/${missing}`));
    expect(await receiving.readManifest(object)).toEqual({ outcome: 'waiting', missing: [missing], waitSeconds: 5 });
    receiving.now = new Date(Date.parse(object.eventTime) + 5000);
    await expect(receiving.readManifest(object)).rejects.toMatchObject({
      code: 'manifest_file_missing',
      details: { manifest: MANIFEST, file: missing },
    });
  });

  test('files that come within the grace complete the delivery', async () => {
    const late = DATA.replace('00001', '00003');
    const object = await receiving.land(MANIFEST, manifestOf(`s3://landing/${late}`));
    expect(await receiving.readManifest(object)).toMatchObject({ outcome: 'waiting' });
    await receiving.land(late, bill([{}]));
    expect(await receiving.readManifest(object)).toMatchObject({ outcome: 'ready', batches: [0], batchCount: 1 });
  });

  test.each([
    ['another bucket', 's3://elsewhere/acme/x.csv', 'another bucket'],
    ['a web address', 'https://example.com/x.csv', 'another bucket'],
    ['a way up', 's3://landing/acme/../other/x.csv', 'a path, not a key'],
    ['a file of this machine', '/etc/passwd', 'a path, not a key'],
    ['another integration’s folder', 's3://landing/other/x.csv', 'not a file of the integration'],
    ['a line break', 's3://landing/acme/a\nb.csv', 'a control character'],
    ['a folder', 's3://landing/acme/data/', 'not a file of the integration'],
  ])('a manifest that names %s is refused by name', async (_, file, reason) => {
    const object = await receiving.land(MANIFEST, manifestOf(file));
    const refusal = receiving.readManifest(object);
    await expect(refusal).rejects.toMatchObject({ code: 'manifest_unreadable', details: { file: MANIFEST } });
    await expect(refusal).rejects.toThrow(reason);
  });

  test.each([
    ['no JSON', '{', 'it is not JSON'],
    ['no files', manifestOf(), 'dataFiles'],
    ['a file twice', manifestOf(`s3://landing/${DATA}`, `s3://landing/${DATA}`), 'twice'],
  ])('a manifest with %s is refused', async (_, text, reason) => {
    await expect(receiving.readManifest(await receiving.land(MANIFEST, text))).rejects.toThrow(reason);
  });

  test('a file of no known kind is refused by name', async () => {
    await receiving.land('acme/exports/focus/data/x.json', '{}');
    const object = await receiving.land(MANIFEST, manifestOf('s3://landing/acme/exports/focus/data/x.json'));
    await expect(receiving.readManifest(object)).rejects.toMatchObject({ code: 'unknown_format' });
  });

  test('a folder that no integration has is refused by name', async () => {
    const object = await receiving.land(MANIFEST, manifestOf(`s3://landing/${DATA}`));
    await expect(receiving.readManifest(object, [])).rejects.toMatchObject({
      code: 'unknown_integration',
      details: { integrationId: 'acme', key: MANIFEST },
    });
    expect(receiving.deliveries.all.get(object.deliveryId)).toMatchObject({ status: 'Receiving', key: MANIFEST });
  });
});

describe('a manifest of our own form', () => {
  const begin = receivingBills();

  test('names files beside it, by full key and by address', async () => {
    const receiving = begin();
    for (const part of ['a', 'b', 'c'])
      await receiving.land(`acme/2025-03/${part}.csv`, bill([{ SubAccountId: part }]));
    const files = ['a.csv', 'acme/2025-03/b.csv', 's3://landing/acme/2025-03/c.csv'];
    const object = await receiving.land('acme/2025-03/_manifest.json', JSON.stringify({ files }));
    await receiving.receive(object);
    const registered = await receiving.bill(object);
    expect(registered.files.map(({ sourceKey }) => sourceKey)).toEqual(
      ['a', 'b', 'c'].map((part) => `acme/2025-03/${part}.csv`),
    );
    expect(registered.subAccounts.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(registered.periods).toEqual([{ period: '2025-03', rows: 3 }]);
  });

  test('counts as made after the files it names, even with an older time in it', async () => {
    const receiving = begin();
    const bare = await receiving.land('acme/old/a.csv', bill([{}]));
    await receiving.receive(bare);
    const text = JSON.stringify({ files: ['a.csv'], createdAt: '2020-01-01T00:00:00Z' });
    const object = await receiving.land('acme/old/_manifest.json', text);
    await receiving.readManifest(object);
    const list = FrozenList.parse(
      JSON.parse((await receiving.lake.readText(LAKE.frozenList(object.deliveryId)))?.text ?? ''),
    );
    expect(list.deliverySeq > (await receiving.bill(bare)).deliverySeq).toBe(true);
  });

  test('files with different columns are refused by file and column', async () => {
    const receiving = begin();
    await receiving.land('acme/mix/a.csv', bill([{}]));
    await receiving.land('acme/mix/b.csv', bill([{}], ['Tags']));
    const object = await receiving.land('acme/mix/_manifest.json', JSON.stringify({ files: ['a.csv', 'b.csv'] }));
    await expect(receiving.receive(object)).rejects.toMatchObject({
      code: 'columns_differ',
      details: { file: 'acme/mix/b.csv', otherFile: 'acme/mix/a.csv', column: 'Tags' },
    });
  });
});
