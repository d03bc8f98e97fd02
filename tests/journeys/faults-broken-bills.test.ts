import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BillFile } from '../../infra/cli/bill-files.ts';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { bill } from '../lib/pipeline/receive-bill/small-bill.ts';
import { deliverAnyhow, PATIENT, runOf } from './deliver-anyhow.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { writeParquet } from './parquet-rows.ts';

/** A bill that can never be read, delivered to an integration of its own, and the reason that is to be told. */
interface BrokenBill {
  readonly broken: string;
  readonly folder: string;
  readonly delivery?: 'files' | 'data_exports';
  readonly files: readonly Omit<BillFile, 'path'>[];
  readonly code: string;
  readonly detail: string;
}

const GOOD = bill([{}, { BilledCost: '2' }]);

/** Keys of one execution of an AWS Data Exports export, its data files by number. */
const EXPORT = {
  manifest: (folder: string, hour = '04') =>
    `${folder}/acme/metadata/BILLING_PERIOD=2025-03/2025-04-03T${hour}:00:00.000Z-0c1d2e3f/acme-Manifest.json`,
  data: (folder: string, file: number) => `${folder}/acme/data/BILLING_PERIOD=2025-03/acme-0000${file}.csv`,
};
const exported = (folder: string, ...files: readonly number[]) =>
  JSON.stringify({ dataFiles: files.map((file) => `s3://{landing}/${EXPORT.data(folder, file)}`) });

const BROKEN: readonly BrokenBill[] = [
  {
    broken: 'a cost with a decimal comma',
    folder: 'comma',
    files: [
      { key: 'comma/bill.csv', text: bill([{}, { ChargeDescription: '"two\nlines"' }, { BilledCost: '"1,5"' }]) },
    ],
    code: 'value_unreadable',
    detail: 'file: comma/bill.csv, row: 3, column: BilledCost, value: 1,5, expected: ',
  },
  {
    broken: 'a cost that is not a number',
    folder: 'nan',
    files: [{ key: 'nan/bill.csv', text: bill([{ EffectiveCost: 'NaN' }]) }],
    code: 'value_unreadable',
    detail: 'file: nan/bill.csv, row: 1, column: EffectiveCost, value: NaN, expected: ',
  },
  {
    broken: 'a required column that is gone',
    folder: 'column',
    files: [{ key: 'column/bill.csv', text: bill([{}], ['ListCost']) }],
    code: 'required_column_missing',
    detail: 'file: column/bill.csv, column: ListCost',
  },
  {
    broken: 'a Parquet file that is cut off',
    folder: 'cut',
    files: [{ key: 'cut/bill.parquet' }],
    code: 'file_unreadable',
    detail: 'file: cut/bill.parquet, reason: ',
  },
  {
    broken: 'a manifest that names a file that never comes',
    folder: 'missing',
    files: [{ key: 'missing/_manifest.json', text: JSON.stringify({ files: ['a.csv', 'b.csv'] }) }],
    code: 'manifest_file_missing',
    detail: 'manifest: missing/_manifest.json, file: missing/a.csv',
  },
  {
    broken: 'an export’s manifest that names a file that never comes',
    folder: 'export',
    delivery: 'data_exports',
    files: [{ key: EXPORT.manifest('export'), text: exported('export', 1) }],
    code: 'manifest_file_missing',
    detail: `manifest: ${EXPORT.manifest('export')}, file: ${EXPORT.data('export', 1)}`,
  },
  {
    broken: 'one broken file among good ones',
    folder: 'among',
    delivery: 'data_exports',
    files: [
      { key: EXPORT.data('among', 1), text: GOOD },
      { key: EXPORT.data('among', 2), text: bill([{}, { ListCost: 'free' }]) },
      { key: EXPORT.manifest('among'), text: exported('among', 1, 2) },
    ],
    code: 'value_unreadable',
    detail: `file: ${EXPORT.data('among', 2)}, row: 2, column: ListCost, value: free, expected: `,
  },
  {
    broken: 'a folder that no integration has',
    folder: 'stranger',
    files: [{ key: 'stranger/bill.csv', text: GOOD }],
    code: 'unknown_integration',
    detail: 'integrationId: stranger, key: stranger/bill.csv',
  },
];

/** Integrations that get a good bill afterwards, one for each way to fail, in the order of their ids. */
const MENDED = ['column', 'comma', 'cut', 'export', 'missing', 'stranger'];

describe('a bill that can never be read', PATIENT, () => {
  let product: Product;
  const ended = new Map<string, Awaited<ReturnType<typeof deliverAnyhow>>>();
  const connect = (folder: string, delivery: BrokenBill['delivery'] = 'files') => product.connect(folder, delivery);

  beforeAll(async () => {
    product = await openEdited({});
    for (const { folder, delivery } of BROKEN) if (folder !== 'stranger') await connect(folder, delivery);
    const deliveries = await Promise.all(
      BROKEN.map(async ({ folder, files }) => deliverAnyhow(product, folder, await withBodies(files))),
    );
    for (const delivery of deliveries) ended.set(delivery.integrationId, delivery);
  });
  afterAll(() => product.close());

  /** A file without a text is Parquet of which the end is not there. */
  const withBodies = (files: BrokenBill['files']): Promise<readonly BillFile[]> =>
    Promise.all(
      files.map(async (file) => {
        if (file.text !== undefined) return file;
        const [csv, path] = [join(product.folder, 'whole.csv'), join(product.folder, 'cut.parquet')];
        await writeFile(csv, GOOD);
        await writeParquet(`SELECT * FROM read_csv('${csv}', all_varchar = true)`, path);
        const whole = await readFile(path);
        await writeFile(path, whole.subarray(0, whole.length - 100));
        return { ...file, path };
      }),
    );

  test.each(BROKEN)(
    '$broken is quarantined with its file, and row and column where it has them',
    ({ folder, code, detail }) => {
      const { status, reason, periods } = ended.get(folder) ?? {};
      expect([status, reason?.code, periods]).toEqual(['Quarantined', code, []]);
      expect(reason?.detail).toContain(detail);
      expect(reason?.next).toMatch(/\.$/);
    },
  );

  test('leaves no period, no run and no result behind', async () => {
    expect((await product.api.call(listPeriods)).body.items).toEqual([]);
    expect((await product.api.call(listRuns)).body.items).toEqual([]);
    const keys = (await lakeOf(product.machine).list('')).map(({ key }) => key);
    expect(keys.filter((key) => !key.startsWith('deliveries/'))).toEqual([]);
    expect(keys.filter((key) => key.endsWith('/delivery.json'))).toEqual([]);
  });

  test('is forgotten by the next good bill of the same integration', async () => {
    await connect('stranger');
    for (const { folder, delivery, files } of BROKEN.filter(({ folder }) => MENDED.includes(folder))) {
      const good = delivery === 'data_exports' ? nextExport(folder) : mended(files);
      const received = await deliverAnyhow(product, folder, good);
      expect(received, folder).toMatchObject({ status: 'Registered', reason: null, periods: ['2025-03'] });
      expect(await runOf(product, received), folder).toMatchObject({ status: 'Published', reason: null });
    }
    const { items } = (await product.api.call(listPeriods)).body;
    expect(items.map(({ integrationId, upToDate }) => [integrationId, upToDate])).toEqual(
      MENDED.map((folder) => [folder, true]),
    );
  });
});

/** The same layout with good files under every name that the manifest has. */
function mended(files: BrokenBill['files']): readonly BillFile[] {
  const manifest = files.find(({ key }) => key.endsWith('_manifest.json'));
  if (manifest === undefined) return files.map(({ key }) => ({ key: key.replace('.parquet', '.csv'), text: GOOD }));
  return [
    ...['a.csv', 'b.csv'].map((name) => ({ key: manifest.key.replace('_manifest.json', name), text: GOOD })),
    manifest,
  ];
}

/** The export's next execution, whose files are there before its manifest. */
function nextExport(folder: string): readonly BillFile[] {
  const data = [3, 4].map((file) => ({ key: EXPORT.data(folder, file), text: GOOD }));
  return [...data, { key: EXPORT.manifest(folder, '05'), text: exported(folder, 3, 4) }];
}
