import { appendFileSync } from 'node:fs';
import { afterAll, afterEach, expect, vi } from 'vitest';
import type { OpenDatabase } from '../../../lib/ports/database.ts';
import { openTrinoMemory } from './trino-memory.ts';
import { trinoBehind } from './trino-on-demand.ts';
import { type Compared, twoEngines } from './two-engines.ts';

/*
 * Goes before the tests of rules where they are to run on two engines (`TRINO_DOOR`): every database that they open asks
 * Trino too, and a test fails on a difference. How much was compared is added to the file `COMPARED`.
 */

const memory = openTrinoMemory();
const compared: Compared = { statements: 0, rows: 0, differences: [] };

vi.mock('../../../lib/adapters/duckdb/open-duckdb.ts', async (original) => {
  const { openDuckdb } = await original<{ readonly openDuckdb: OpenDatabase }>();
  const trino = trinoBehind(process.env.TRINO_DOOR ?? '');
  const opened: OpenDatabase = async (options) =>
    twoEngines(await openDuckdb(options), { trino, memory, folder: options.folder, compared });
  return { openDuckdb: opened };
});

afterEach(() => {
  expect(compared.differences.splice(0)).toEqual([]);
});

afterAll(() => {
  const { asked, remembered } = memory.answered;
  appendFileSync(
    process.env.COMPARED ?? '/dev/null',
    `${compared.statements} ${compared.rows} ${asked} ${remembered}\n`,
  );
});
