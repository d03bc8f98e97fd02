import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { PROBLEMS, type ProblemCode } from '../../lib/domain/problem.ts';
import { NUMBER_CASES, TEXT_CASES, VALUE_CASES } from '../lib/pipeline/receive-bill/hostile/csv-cases.ts';
import { GZIP_CASES } from '../lib/pipeline/receive-bill/hostile/gzip-cases.ts';
import { MANIFEST_CASES } from '../lib/pipeline/receive-bill/hostile/manifest-cases.ts';
import { PARQUET_CASES } from '../lib/pipeline/receive-bill/hostile/parquet-cases.ts';
import { csvOf } from './csv.ts';
import { deliverAnyhow, PATIENT } from './deliver-anyhow.ts';
import type { Product } from './open-product.ts';
import { openSmallPartner, SMALL_BILL } from './small-partner.ts';

const CASES = [...NUMBER_CASES, ...VALUE_CASES, ...TEXT_CASES, ...GZIP_CASES, ...PARQUET_CASES, ...MANIFEST_CASES];

/** One or two of each family of refusals, by the names under which the steps' own tests (`hostile-files.test.ts`) know them. */
const FAMILIES: readonly (readonly [code: ProblemCode, hostile: string])[] = [
  ['value_unreadable', 'a decimal comma in quotes'],
  ['value_unreadable', 'NaN for a cost'],
  ['value_unreadable', 'an account id that a spreadsheet rounded'],
  ['value_unreadable', 'an offset that no place of the world has: +99:00'],
  ['file_unreadable', 'a quote that is never closed'],
  ['file_unreadable', 'a gzip file that is cut off'],
  ['file_unreadable', 'nine quintillion rows'],
  ['file_too_large', 'a gzip bomb'],
  ['too_many_columns', '60,000 columns'],
  ['unknown_format', 'a web page'],
  ['columns_differ', 'files of unlike columns'],
  ['manifest_unreadable', 'a way up'],
  ['manifest_unreadable', 'the same file twice'],
  ['manifest_file_missing', 'a way up with backslashes (a name like any other, and not there)'],
  ['too_many_files', 'a hundred thousand files'],
];

describe('a hostile delivery, from PutObject on, is quarantined with what is wrong, and nothing of it is published', () => {
  let product: Product;
  beforeAll(async () => {
    ({ product } = await openSmallPartner([]));
  });
  afterAll(() => product?.close());

  /** What readers see, and the runs that there were. */
  async function published() {
    const { items } = (await product.api.call(listPeriods)).body;
    const runs = (await product.api.call(listRuns)).body.items;
    return { periods: items.map(({ period, published: run }) => ({ period, run })), runs: runs.map(({ id }) => id) };
  }

  test.each(FAMILIES)('%s: %s', PATIENT, async (code, name) => {
    const hostile = CASES.find((one) => one.hostile === name);
    if (hostile === undefined || !('refused' in hostile.end)) throw new Error(`no case refuses ${name}`);
    const before = await published();
    const objects = Object.entries(await hostile.objects());
    const files = await Promise.all(
      objects.map(async ([key, body], place) => {
        const path = `${product.folder}/${place}`;
        await writeFile(path, body);
        return { key: `acme/${key}`, path };
      }),
    );
    const { status, reason } = await deliverAnyhow(product, 'acme', files);
    expect([status, reason?.code, reason?.next]).toEqual(['Quarantined', code, PROBLEMS[code].next]);
    for (const [detail, value] of Object.entries(hostile.end.details ?? {}))
      expect(reason?.detail).toContain(`${detail}: ${value}`);
    expect(reason?.detail).toContain(hostile.end.saying ?? '');
    expect(await published()).toEqual(before);
  });

  test('and the next good bill is published', PATIENT, async () => {
    const text = csvOf(SMALL_BILL.map((row) => ({ ...row, ChargeDescription: 'mended' })));
    await product.receive('acme', 'bill.csv', text);
    expect((await product.published()).runs).toMatchObject([{ reconciled: true, delivered: { rows: 7 } }]);
  });
});
