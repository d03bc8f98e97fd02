import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryOfStatements } from './memory-of-statements.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'apportion-memory-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a database over a work folder of its own in which `bill.csv` is this. */
async function openOver(memory: MemoryOfStatements, name: string, bill: string) {
  const work = join(folder, name);
  mkdirSync(work);
  writeFileSync(join(work, 'bill.csv'), bill);
  const database = await memory.openDatabase({ folder: work, memoryMegabytes: 100, threads: 1 });
  const total = `SELECT sum(CAST(NULLIF(cost, '') AS INTEGER)) AS total, ' "' AS text FROM read_csv('${work}/bill.csv', all_varchar = true)`;
  return { work, database, total };
}

describe('What is remembered of a statement', () => {
  test('is asked of nobody again over the same bytes, and asked anew over others, whatever is quoted in it', async () => {
    const memory = new MemoryOfStatements(join(folder, 'shared'), (act) => act());
    const answers: unknown[] = [];
    for (const [name, bill] of Object.entries({ one: 'cost\n3\n4\n', same: 'cost\n3\n4\n', other: 'cost\n5\n6\n' })) {
      const { database, total } = await openOver(memory, name, bill);
      answers.push(await database.rows(total));
      database.close();
    }
    expect(answers).toEqual([
      [{ total: '7', text: ' "' }],
      [{ total: '7', text: ' "' }],
      [{ total: '11', text: ' "' }],
    ]);
    expect(memory.run).toBe(2);
  });

  test('can be done after all when its file is gone, so that the next one has what it stands on', async () => {
    const memory = new MemoryOfStatements(join(folder, 'later'), (act) => act());
    const first = await openOver(memory, 'first', 'cost\n3\n');
    await first.database.rows(first.total);
    first.database.close();
    const { database, total, work } = await openOver(memory, 'second', 'cost\n3\n');
    expect(await database.rows(total)).toEqual([{ total: '3', text: ' "' }]);
    rmSync(join(work, 'bill.csv'));
    expect(await database.rows('SELECT 1 AS one')).toEqual([{ one: '1' }]);
    database.close();
  });
});
