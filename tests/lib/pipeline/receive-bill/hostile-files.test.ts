import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../../lib/domain/problem.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { exactSum } from '../../../../lib/sources/exact-sum.ts';
import { NUMBER_CASES, TEXT_CASES, VALUE_CASES } from './hostile/csv-cases.ts';
import { GZIP_CASES } from './hostile/gzip-cases.ts';
import type { HostileCase } from './hostile/hostile-case.ts';
import { MANIFEST_CASES } from './hostile/manifest-cases.ts';
import { PARQUET_CASES } from './hostile/parquet-cases.ts';
import type { ReadReport } from './hostile/reading-process.ts';
import { type ReadingProcess, readingProcess } from './hostile/start-reading-process.ts';
import { WORKER_MEGABYTES } from './hostile/worker-megabytes.ts';
import { Querying } from './querying.ts';
import { type Receiving, receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

const PROCESSOR_SECONDS_MAX = 10;

const GROUPS: readonly (readonly [string, readonly HostileCase[]])[] = [
  ['numbers', NUMBER_CASES],
  ['values', VALUE_CASES],
  ['text', TEXT_CASES],
  ['gzip', GZIP_CASES],
  ['parquet', PARQUET_CASES],
  ['manifests', MANIFEST_CASES],
];

/** Ten seconds of a processor, and others at work on the same machine. */
describe('hostile files', { timeout: 120_000 }, () => {
  const begin = receivingBills();
  let worker: ReadingProcess;
  let receiving: Receiving;
  let querying: Querying;

  beforeAll(async () => {
    receiving = begin();
    worker = readingProcess(receiving.s3.endpoint);
    querying = await Querying.start(receiving);
  });
  afterAll(async () => {
    await worker.close();
    await querying.close();
  });

  describe.each(GROUPS)('%s', (group, cases) => {
    test.each(cases)('$hostile', async ({ objects, end, delivery }) => {
      const landed = [];
      for (const [name, body] of Object.entries(await objects()))
        landed.push(await receiving.land(`acme/${name}`, body));
      const object = landed.at(-1);
      if (object === undefined) throw new Error('a delivery has at least one object');
      const report: ReadReport = await worker.read({ object, delivery: delivery ?? 'files' });
      expect(report.left).toEqual([]);
      if ('refused' in end) {
        expect(report.end).toMatchObject({ problem: { code: end.refused, details: end.details ?? {} } });
        expect(JSON.stringify(report.end)).toContain(JSON.stringify(end.saying ?? '').slice(1, -1));
        expect(PROBLEMS[end.refused].next).toMatch(/\.$/);
        expect(report.asked).toBe(0);
        expect(await receiving.lake.head(LAKE.delivery(object.deliveryId))).toBeUndefined();
      } else {
        expect(report.end).toMatchObject({ bill: end.reads });
        if (end.billed !== undefined && 'bill' in report.end) {
          const rows = await querying.measure(report.end.bill, '2025-03');
          expect(exactSum(rows.map(({ costs }) => ({ text: costs.BilledCost.exact })))).toBe(end.billed);
        }
      }
      expect(report.cpuSeconds).toBeLessThan(PROCESSOR_SECONDS_MAX);
      expect(report.peakMegabytes).toBeLessThan(WORKER_MEGABYTES);
    });

    test('and the next good delivery works', async () => {
      const next = await receiving.land('acme/next.csv', bill([{ ChargeDescription: group }]));
      const { end } = await worker.read({ object: next, delivery: 'files' });
      expect(end).toMatchObject({ bill: { periods: [{ rows: 1 }] } });
    });
  });
});
