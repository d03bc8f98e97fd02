import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDuckDbEngine } from '../../../infra/local/athena/duckdb-engine.ts';
import { literal } from '../../../infra/local/athena/sql-text.ts';
import type { OpenEngine, SelectResult, WrittenFiles } from '../../../infra/local/athena/statement-engine.ts';

/** What was compared so far. */
export interface Comparison {
  statements: number;
  rows: number;
  /** Statements whose two answers differ, with how. */
  differences: string[];
}

/**
 * Runs every statement on DuckDB and on `other`, notes where the two answers differ in a digit or a type, and goes on with
 * the other's: what follows is built on it.
 */
export function comparingEngine(other: OpenEngine, comparison: Comparison): OpenEngine {
  return async (reading) => {
    const theirs = await other(reading);
    const ours = await openDuckDbEngine(reading).catch(async (error: unknown) => {
      await theirs.close();
      throw error;
    });
    const note = (differences: readonly string[]) => {
      comparison.statements += 1;
      comparison.differences.push(...differences.map((difference) => `${difference}\n${reading.sql.slice(0, 2000)}`));
    };
    return {
      select: async (path) => {
        const own = await ours.select(`${path}.duckdb`);
        const answer = await theirs.select(path);
        comparison.rows += answer.index.rowCount - 1;
        note([...typeDifferences(own, answer), ...textDifferences(await lines(`${path}.duckdb`), await lines(path))]);
        return answer;
      },
      write: async (unload, folder) => {
        const beside = join(reading.folder, 'duckdb');
        mkdirSync(beside);
        const own = await ours.write(unload, beside);
        const answer = await theirs.write(unload, folder);
        comparison.rows += answer.rowCount;
        note(await fileDifferences(own, answer));
        return answer;
      },
      interrupt: () => {
        ours.interrupt();
        theirs.interrupt();
      },
      close: async () => {
        await ours.close();
        await theirs.close();
      },
    };
  };
}

const lines = async (path: string): Promise<readonly string[]> => (await readFile(path, 'utf8')).split('\n');

function typeDifferences(ours: SelectResult, theirs: SelectResult): readonly string[] {
  const shown = ({ columns }: SelectResult) =>
    columns.map(({ Name, Type, Precision, Scale }) =>
      Type === 'decimal' ? `${Name} decimal(${Precision},${Scale})` : `${Name} ${Type}`,
    );
  const [one, two] = [shown(ours).join(', '), shown(theirs).join(', ')];
  return one === two ? [] : [`types: ${one} / ${two}`];
}

/** Rows have no order unless a statement gives one, so they are compared as a bag. */
function textDifferences(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const [one, two] = [ours.toSorted(), theirs.toSorted()];
  const at = one.findIndex((line, index) => line !== two[index]);
  return at < 0 && one.length === two.length ? [] : [`rows: ${one[at]} / ${two[at]}`];
}

/** Differences between two sets of Parquet files: columns and types, then rows as a bag, partitions included. */
async function fileDifferences(ours: WrittenFiles, theirs: WrittenFiles): Promise<readonly string[]> {
  if (ours.rowCount !== theirs.rowCount) return [`rows written: ${ours.rowCount} / ${theirs.rowCount}`];
  if (ours.rowCount === 0) return [];
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    const [one, two] = [files(ours), files(theirs)];
    const [ownTypes, otherTypes] = [await types(connection, one), await types(connection, two)];
    if (ownTypes !== otherTypes) return [`types: ${ownTypes} / ${otherTypes}`];
    const count = async (from: string, without: string) => {
      const reader = await connection.runAndReadAll(
        `SELECT count(*) FROM (SELECT * FROM ${from} EXCEPT ALL SELECT * FROM ${without})`,
      );
      return Number(reader.getRows()[0]?.[0]);
    };
    const [missing, more] = [await count(one, two), await count(two, one)];
    return missing + more === 0 ? [] : [`rows that one has and the other has not: ${missing} / ${more}`];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const files = ({ paths }: WrittenFiles): string =>
  `read_parquet([${paths.map(literal).join(', ')}], hive_partitioning = true)`;

async function types(connection: DuckDBConnection, from: string): Promise<string> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
  return reader
    .getRows()
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');
}
