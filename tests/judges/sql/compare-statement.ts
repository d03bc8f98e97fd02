import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { SelectParser } from '../../../infra/local/athena/parsed-select.ts';
import type { OpenEngine } from '../../../infra/local/athena/statement-engine.ts';
import { type Comparison, comparingEngine } from './compare-engines.ts';

/** Differences between DuckDB's answer and the other engine's to a SELECT over no table, such as one over VALUES. */
export async function compareStatement(sql: string, other: OpenEngine): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-compare-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const comparison: Comparison = { statements: 0, rows: 0, differences: [] };
  try {
    const parsed = await new SelectParser(await instance.connect()).parse(sql);
    const reading = { sql, parsed, sources: [], databases: ['default'], folder, memoryLimit: '1GB', threads: 1 };
    const engine = await comparingEngine(other, comparison)(reading);
    await engine.select(join(folder, 'result.csv'));
    await engine.close();
    return comparison.differences;
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
