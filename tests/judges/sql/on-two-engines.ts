import { appendFileSync } from 'node:fs';
import { afterAll, afterEach, expect, vi } from 'vitest';
import type { OpenDatabase } from '../../../lib/ports/database.ts';
import { trinoClient } from './trino-client.ts';
import { type Compared, twoEngines } from './two-engines.ts';

/*
 * Goes before the tests of rules where they are to run on two engines (`TRINO_URL`): every database that they open asks
 * Trino too, and a test fails on a difference. How much was compared is added to the file `COMPARED`.
 */

const compared: Compared = { statements: 0, rows: 0, differences: [] };

vi.mock('../../../lib/adapters/duckdb/open-duckdb.ts', async (original) => {
  const { openDuckdb } = await original<{ readonly openDuckdb: OpenDatabase }>();
  const trino = trinoClient(process.env.TRINO_URL ?? '');
  const opened: OpenDatabase = async (options) =>
    twoEngines(await openDuckdb(options), { trino, folder: options.folder, compared });
  return { openDuckdb: opened };
});

afterEach(() => {
  expect(compared.differences.splice(0)).toEqual([]);
});

afterAll(() => {
  appendFileSync(process.env.COMPARED ?? '/dev/null', `${compared.statements} ${compared.rows}\n`);
});
