import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { s3ObjectStore } from '../../../../lib/adapters/s3/s3-object-store.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { IntegrationId } from '../../../../lib/domain/ids.ts';
import { requireUnchanged } from '../../../../lib/pipeline/split-bill/sources-unchanged.ts';
import { Querying } from './querying.ts';
import { type Receiving, receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

const DATA = 'acme/exports/focus/data/BILLING_PERIOD=2025-03/focus-00001.parquet';
const MANIFEST = 'acme/exports/focus/metadata/BILLING_PERIOD=2025-03/focus-Manifest.json';
const EXECUTION = '2025-04-02T06:30:00.000Z-3f1c0ffe-0000-4000-8000-000000000001';

/** https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html, "Overwrite": the same keys, again and again. */
describe('an export of AWS that overwrites its files', () => {
  const begin = receivingBills();
  const folder = mkdtempSync(join(tmpdir(), 'overwritten-'));
  let querying: Querying;
  let receiving: Receiving;

  beforeAll(async () => {
    querying = await Querying.start(begin());
  });
  afterAll(async () => {
    await querying.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    receiving = begin();
    receiving.delivery = 'data_exports';
  });

  const parquet = async (...costs: readonly string[]) => {
    const [csv, path] = ['bill.csv', 'bill.parquet'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(csv, bill(costs.map((BilledCost) => ({ BilledCost }))));
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    await connection.run(`COPY (FROM read_csv('${csv}', all_varchar = true)) TO '${path}' (FORMAT parquet)`);
    database.closeSync();
    return readFileSync(path);
  };
  const refresh = async (...costs: readonly string[]) => {
    await receiving.land(DATA, await parquet(...costs));
    return await receiving.land(MANIFEST, JSON.stringify({ dataFiles: [`s3://landing/${DATA}`], columns: [] }));
  };
  const march = async () => await receiving.periods.find(IntegrationId.parse('acme'), BillingPeriod.parse('2025-03'));
  /** S3 gives whole seconds. */
  const secondsLater = () => setTimeout(1000);

  test('is one delivery each time that its month’s manifest is written', async () => {
    const [first, second] = [await refresh('1'), await refresh('2')];
    expect(await receiving.receive(second)).toMatchObject({ outcome: 'registered', periods: ['2025-03'] });
    expect((await march())?.wanted.deliveryId).toBe(second.deliveryId);
    expect(second.deliveryId).not.toBe(first.deliveryId);
  });

  test('is read from copies of the files that the manifest names, whatever is written over them during a run', async () => {
    const object = await refresh('1.25', '3');
    await receiving.receive(object);
    const registered = await receiving.bill(object);
    expect(registered.files[0]).toMatchObject({ bucket: 'lake', sourceKey: DATA, ofText: false, rows: 2 });
    const stores = ['lake', 'landing'].map((name) => s3ObjectStore(receiving.client, name));
    const measured = await querying.measure(registered, '2025-03');
    await receiving.land(DATA, await parquet('70', '80', '90'));
    expect(measured[0]?.costs.BilledCost.exact).toBe('4.25');
    expect((await querying.split(registered, '2025-03')).map((row) => row.billedcost).sort()).toEqual([
      '1.250000000000',
      '3.000000000000',
    ]);
    await requireUnchanged(registered, stores);
  });

  test('whose files are written over before anybody read them is superseded, by file; the next manifest counts', async () => {
    const overtaken = await refresh('1');
    await secondsLater();
    await receiving.land(DATA, await parquet('2'));
    expect(await receiving.readManifest(overtaken)).toEqual({ outcome: 'ignored', reason: 'file_changed' });
    expect(receiving.deliveries.all.get(overtaken.deliveryId)).toMatchObject({
      ...{ status: 'Superseded', endedAt: expect.any(String) },
      reason: { code: 'file_changed', details: { file: DATA } },
    });
    expect(await march()).toBeUndefined();
    const next = await refresh('2');
    expect(await receiving.receive(next)).toMatchObject({ outcome: 'registered' });
    expect((await march())?.wanted.deliveryId).toBe(next.deliveryId);
  });

  test('whose files are written over while they are converted is still the bill that its manifest was written for', async () => {
    const object = await refresh('1.25');
    await receiving.readManifest(object);
    await receiving.land(DATA, await parquet('70'));
    const answer = await receiving.convert(object, 0);
    await receiving.register(object, answer !== undefined && 'output' in answer ? [answer.output] : []);
    const [measured] = await querying.measure(await receiving.bill(object), '2025-03');
    expect(measured?.costs.BilledCost.exact).toBe('1.25');
  });

  test('is told from one with a folder for each execution, whose month’s manifest is a copy', async () => {
    const data = `acme/exports/focus/data/BILLING_PERIOD=2025-03/${EXECUTION}/focus-00001.parquet`;
    await receiving.land(data, await parquet('1'));
    const text = JSON.stringify({ dataFiles: [`s3://landing/${data}`], columns: [] });
    const own = await receiving.land(MANIFEST.replace('focus-M', `${EXECUTION}/focus-M`), text);
    const copy = await receiving.land(MANIFEST, text);
    expect(await receiving.readManifest(copy)).toEqual({ outcome: 'ignored', reason: 'the execution has its own' });
    expect(receiving.deliveries.all.get(copy.deliveryId)).toMatchObject({ status: 'Ignored' });
    await receiving.receive(own);
    expect((await receiving.bill(own)).files[0]).toMatchObject({ bucket: 'landing', key: data });
  });
});
