import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { Precedence } from '../../lib/domain/settings.ts';
import { SPLIT_COLUMNS, SQL_TYPES } from '../../lib/focus/split-columns.ts';
import type { Database } from '../../lib/ports/database.ts';
import { compileRules } from '../../lib/rules/compile-rules.ts';
import { DELIVERED_COLUMNS } from '../../lib/rules/delivered-columns.ts';
import { DUCKDB_MACROS } from '../../lib/sql/duckdb-macros.ts';
import { stored } from '../lib/rules/stored.ts';

/*
 * `npm run bench:rules [-- rows]`: what rules cost, by their number and precedence, over the same rows read from Parquet and
 * written to Parquet. Each is shown beside its floor: the file that was written, read and written once more.
 */

const ROWS = Number(process.argv[2] ?? 1_000_000);
const COUNTS = [1, 20, 200, 400];
const CUSTOMER = 'cus_bench0000000';
const SERVICES = 20;
const REGIONS = 20;

const folder = await mkdtemp(join(tmpdir(), 'apportion-bench-rules-'));
const database = await openDuckdb({ folder, memoryMegabytes: 4_096, threads: 2 });
try {
  for (const macro of DUCKDB_MACROS) await database.run(macro);
  const delivered = join(folder, 'delivered.parquet');
  await writeDelivered(database, delivered);
  await database.run(`CREATE VIEW delivered AS SELECT * FROM '${delivered}'`);
  const table = [];
  for (const precedence of Precedence.options)
    for (const count of COUNTS) {
      table.push({ precedence, rules: count, ...(await measure(precedence, count)) });
      console.log(JSON.stringify(table.at(-1)));
    }
  console.log(`${ROWS} rows, ${DELIVERED_COLUMNS.length} columns, 2 threads; best of 3; seconds`);
  console.table(table);
} finally {
  database.close();
  await rm(folder, { recursive: true, force: true });
}

async function measure(precedence: Precedence, count: number) {
  const compiled = compileRules(rulesOf(count), { precedence, runId: 'run_1' });
  const written = join(folder, 'priced.parquet');
  let steps = 1;
  const seconds = await bestOf(3, async () => {
    if (compiled.mostRules !== undefined) steps = Number((await database.rows(compiled.mostRules))[0]?.steps);
    for (const { table, select } of compiled.partlyPriced(steps))
      await database.run(`CREATE OR REPLACE TABLE ${table} AS ${select}`);
    await copy(compiled.priced(steps), written);
  });
  const floorSeconds = await bestOf(3, () => copy(`SELECT * FROM '${written}'`, join(folder, 'floor.parquet')));
  return {
    'rules of a row': steps,
    seconds: seconds.toFixed(2),
    floor: floorSeconds.toFixed(2),
    '× floor': (seconds / floorSeconds).toFixed(2),
  };
}

async function bestOf(times: number, work: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    await work();
    best = Math.min(best, (performance.now() - began) / 1000);
  }
  return best;
}

async function copy(select: string, path: string): Promise<void> {
  await database.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`);
}

/** One rule for everything, or rules that each take a service in some regions; few rows meet none. */
function rulesOf(count: number) {
  const rule = (number: number) => ({
    ...{ type: 'rerate', base: 'billed_cost', offsetPercent: String((number % 40) - 20) },
    ...(count === 1
      ? {}
      : {
          filter: {
            all: [
              { field: 'ServiceName', op: 'in', values: [`service ${number % SERVICES}`] },
              ...(count <= SERVICES
                ? []
                : [{ field: 'RegionId', op: 'in', values: [`region-${Math.floor(number / SERVICES)}`] }]),
            ],
          },
        }),
  });
  return stored(...Array.from({ length: count }, (_, number) => rule(number)));
}

/** Rows as a shard has them: costs with twelve decimals, twenty services in twenty regions, tags, hours of a month. */
async function writeDelivered(into: Database, path: string): Promise<void> {
  const values: { readonly [Name in string]?: string } = {
    ...{ x_RowId: "format('{:016x}{:016x}-0', h, i)", x_Owner: `'${CUSTOMER}'`, x_IntegrationId: "'bench'" },
    ...{ BilledCost: 'cost * 0.9', EffectiveCost: 'cost * 0.9', ContractedCost: 'cost * 0.9', ListCost: 'cost' },
    ...{ ContractedUnitPrice: '0.0009', ListUnitPrice: '0.001', PricingQuantity: 'quantity' },
    ...{ ChargeCategory: "'Usage'", BillingCurrency: "'USD'", PricingUnit: "'Hours'", ProviderName: "'AWS'" },
    ServiceName: `'service ' || (h % ${SERVICES})`,
    RegionId: `'region-' || (h // ${SERVICES} % ${REGIONS})`,
    ResourceId: "'arn:aws:ec2:eu-central-1:100000000000:instance/i-' || (h % 20000)",
    SkuId: "'SKU' || (h % 400)",
    SubAccountId: 'CAST(100000000000 + h % 100 AS VARCHAR)',
    ChargeDescription: "'usage of meter ' || (h % 400)",
    ChargePeriodStart: "TIMESTAMP '2025-03-01' + to_hours(CAST(h % 743 AS INTEGER))",
    BillingPeriodStart: "TIMESTAMP '2025-03-01'",
    Tags: "MAP {'env': ['prod', 'dev', 'test'][h // 11 % 3 + 1], 'team': 'team-' || (h % 40)}",
  };
  const columns = DELIVERED_COLUMNS.map((name) => {
    const type = name === 'Tags' ? 'MAP(VARCHAR, VARCHAR)' : typeOf(name);
    return `CAST(${values[name] ?? 'NULL'} AS ${type}) AS "${name}"`;
  });
  await into.run(`COPY (
    WITH n AS (SELECT i, (i * 2654435761) % 4294967296 AS h FROM range(${ROWS}) t(i)),
    p AS (SELECT i, h, CAST(h % 240000 + 1 AS DECIMAL(18,0)) * 0.0001 AS quantity,
      CAST((h % 240000 + 1) * (h // 7 % 90000 + 1) AS DECIMAL(18,0)) * 0.0000000001 AS cost FROM n)
    SELECT ${columns.join(', ')} FROM p) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`);
}

function typeOf(name: string): string {
  const type = SPLIT_COLUMNS[name];
  return type === undefined ? 'VARCHAR' : SQL_TYPES[type];
}
