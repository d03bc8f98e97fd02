import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { type PreviewDeps, planPreview, pricePreview } from '../../lib/api/rules/price-preview.ts';
import { PreviewRequest } from '../../lib/contracts/rules/preview-rule.ts';
import { CustomerId, type RuleId } from '../../lib/domain/ids.ts';
import { DEFAULT_SETTINGS, Precedence } from '../../lib/domain/settings.ts';
import { COSTS_COLUMNS } from '../../lib/focus/result-columns.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { TABLES } from '../../lib/names/tables.ts';
import { inWorkFolder } from '../../lib/pipeline/work-folder.ts';
import { stored } from '../lib/rules/stored.ts';
import { BENCH_CUSTOMERS, BENCH_PERIOD, benchConfig, writeBenchBill } from './bench-bill.ts';

/* Seconds that a preview of a new rule takes in each precedence: `npm run bench:preview -- 1000000`. */

const rows = Number(process.argv[2] ?? 100_000);
const customers = Array.from({ length: BENCH_CUSTOMERS }, (_, number) => ({
  ...{ name: `Customer ${number}`, createdAt: '2025-01-01T00:00:00.000Z', version: 1 },
  id: CustomerId.parse(`cus_${String(number).padStart(12, '0')}`),
}));

const folder = await mkdtemp(join(tmpdir(), 'apportion-bench-preview-'));
try {
  const files = await writeCosts();
  const rules = stored(...benchConfig().rules);
  for (const precedence of Precedence.options) {
    const deps = depsOf({ files, rules, precedence });
    const last: RuleId | undefined = rules.at(-1)?.id;
    const request = PreviewRequest.parse({
      ruleId: last,
      rule: { ...benchConfig().rules.at(-1), offsetPercent: '6' },
      groupBy: ['service'],
    });
    const began = performance.now();
    const preview = await pricePreview(deps, await planPreview(deps, request));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${precedence}: ${preview.rows} rows, ${preview.rowsApplied} applied, ${rules.length} rules, ${seconds} s\n`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The bench bill as cost ledgers, one file for each customer. */
async function writeCosts(): Promise<ReadonlyMap<string, string>> {
  const duckdb = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await duckdb.connect();
  const bill = join(folder, 'bill.parquet');
  await writeBenchBill(connection, bill, rows);
  const there = new Set(
    (await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${bill}'`)).getRows().map(([name]) => String(name)),
  );
  const columns = Object.entries(COSTS_COLUMNS).map(([name, hive]) => {
    if (name === 'x_RowId') return `format('{:032x}-0', row_number() OVER ()) AS "x_RowId"`;
    const type =
      hive === 'string' ? 'VARCHAR' : hive === 'map<string,string>' ? 'MAP(VARCHAR, VARCHAR)' : hive.toUpperCase();
    return there.has(name) ? `CAST("${name}" AS ${type}) AS "${name}"` : `CAST(NULL AS ${type}) AS "${name}"`;
  });
  const files = new Map<string, string>();
  for (const [number, { id }] of customers.entries()) {
    const path = join(folder, `${id}.parquet`);
    await connection.run(
      `COPY (SELECT ${columns.join(', ')} FROM '${bill}' WHERE "SubAccountId" = '${100_000_000_000 + number}') TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
    );
    files.set(id, path);
  }
  duckdb.closeSync();
  return files;
}

function depsOf({
  files,
  rules,
  precedence,
}: {
  files: ReadonlyMap<string, string>;
  rules: ReturnType<typeof stored>;
  precedence: Precedence;
}): PreviewDeps {
  const [runId, integrationId] = [`run_${'0'.repeat(40)}`, 'bench'];
  const published = { runId, owners: customers.map(({ id }) => id) };
  const lists = new Map(
    customers.map(({ id }) => [LAKE.publishedList(TABLES.costs, id, BENCH_PERIOD, integrationId), `s3://lake/${id}\n`]),
  );
  return {
    customers: { find: async (id) => customers.find((one) => one.id === id) },
    config: {
      history: async () => ({ revision: 1, changes: [] }),
      read: async () => ({
        ...{ revision: 1, settings: { ...DEFAULT_SETTINGS, precedence }, customers, assignments: [], rules },
      }),
    },
    periods: { list: async () => [{ integrationId, period: BENCH_PERIOD, published }] as never },
    lake: {
      bucket: 'lake',
      readText: async (key) => {
        const text = lists.get(key);
        return text === undefined ? undefined : { text, etag: '"1"' };
      },
      download: async (key, path) => {
        await copyFile(files.get(key) ?? '', path);
        return { key, etag: '"1"', sizeBytes: 1, sha256: '' };
      },
    },
    openDatabase: openDuckdb,
    inWorkFolder,
    memoryMegabytes: 2_000,
  };
}
