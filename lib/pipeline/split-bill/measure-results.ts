import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../domain/problem.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import { OWNERS_COLUMNS } from '../../focus/result-columns.ts';
import { PARTNER, TABLES, UNASSIGNED } from '../../names/tables.ts';
import type { Database } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { literal } from '../../sql/literal.ts';
import { inParallel } from '../in-parallel.ts';
import { readWrittenTotals } from './read-written-totals.ts';
import type { ResultFile, ResultTable } from './shard-list.ts';
import { writtenContentSum } from './written-content.ts';
import type { WrittenTotals } from './written-totals.ts';

const TRANSFERS_AT_ONCE = 8;
/** Files held on disk at one time: a worker has 10 GB of it, and every file is looked at once. */
const BATCH_BYTES = 2_000_000_000;

interface FetchedFile extends ResultFile {
  readonly path: string;
}

/**
 * Reads every result file back from the store and adds up what is in its bytes. A file that is not the one its worker
 * wrote throws `result_file_changed`. Owners come from `ownersKey`, the run's list of them.
 */
export async function measureResults(
  files: readonly ResultFile[],
  {
    lake,
    database,
    folder,
    ownersKey,
    policed,
  }: {
    lake: ObjectStore;
    database: Database;
    folder: string;
    ownersKey: string;
    /** Customers under a policy that gives the purchases and the unused part of their commitments to the partner. */
    policed: readonly string[];
  },
): Promise<WrittenTotals> {
  await loadOwners(lake, database, { key: ownersKey, path: join(folder, 'owners.json') });
  await database.run('CREATE TABLE policed (owner VARCHAR)');
  if (policed.length > 0)
    await database.run(`INSERT INTO policed VALUES ${policed.map((owner) => `(${literal(owner)})`).join(', ')}`);
  for (const statement of TOTALS_TABLES) await database.run(statement);
  for (const [place, batch] of batchesOf(files).entries()) {
    const parts = join(folder, `batch-${place}`);
    await mkdir(parts);
    const fetched = await inParallel([...batch.entries()], TRANSFERS_AT_ONCE, ([number, file]) =>
      fetchFile(lake, file, join(parts, `${number}.parquet`)),
    );
    for (const [table, statements] of Object.entries(STATEMENTS)) {
      const ofTable = fetched.filter((file) => file.table === table);
      if (ofTable.length > 0) for (const statement of statements) await database.run(statement(rowsOf(ofTable)));
    }
    await rm(parts, { recursive: true });
  }
  return await readWrittenTotals(database);
}

async function loadOwners(lake: ObjectStore, database: Database, { key, path }: { key: string; path: string }) {
  if ((await lake.download(key, path)) === undefined) throw new Error(`${key} is not in the lake`);
  const columns = Object.keys(OWNERS_COLUMNS).map((name) => `${name}: 'VARCHAR'`);
  await database.run(`CREATE TABLE owners AS
SELECT sub_account_id, provider_name, CAST(valid_from AS TIMESTAMP) AS valid_from, CAST(valid_to AS TIMESTAMP) AS valid_to, owner
FROM read_json(${literal(path)}, format = 'newline_delimited', columns = {${columns.join(', ')}})`);
}

async function fetchFile(lake: ObjectStore, file: ResultFile, path: string): Promise<FetchedFile> {
  const read = await lake.download(file.key, path);
  if (read?.sha256 !== file.sha256) throw new Problem('result_file_changed', { file: file.key });
  return { ...file, path };
}

function batchesOf(files: readonly ResultFile[]): ResultFile[][] {
  const batches: ResultFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (bytes + file.sizeBytes > BATCH_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(file);
    bytes += file.sizeBytes;
  }
  return batches;
}

/** The rows of some files, each with the owner that the file is listed for. */
function rowsOf(files: readonly FetchedFile[]): string {
  const owners = files.map(({ path, owner }) => `(${literal(path)}, ${literal(owner)})`).join(', ');
  const paths = files.map(({ path }) => literal(path)).join(', ');
  return `(SELECT content.*, listed.file_owner
    FROM read_parquet([${paths}], filename = true) AS content
    JOIN (VALUES ${owners}) AS listed (filename, file_owner) ON content.filename = listed.filename)`;
}

const TOTALS_TABLES = [
  `CREATE TABLE cost_totals (file_owner VARCHAR, resolved_owner VARCHAR, currency VARCHAR, sub_account VARCHAR, row_count BIGINT, ${fourColumns('sum', 'DECIMAL(38,12)')}, ${fourColumns('nulls', 'BIGINT')}, content DECIMAL(38,0))`,
  `CREATE TABLE charge_totals (file_owner VARCHAR, currency VARCHAR, row_count BIGINT, foreign_rows BIGINT, further_parts BIGINT, ${fourColumns('sum', 'DECIMAL(38,18)')})`,
  `CREATE TABLE delta_totals (file_owner VARCHAR, currency VARCHAR, stage VARCHAR, rule_id VARCHAR, rule_version INTEGER, other_rule_id VARCHAR, is_applied BOOLEAN, warning_code VARCHAR, row_count BIGINT, ${fourColumns('sum', 'DECIMAL(38,18)')})`,
  'CREATE TABLE cost_days (first_day DATE, last_day DATE)',
  'CREATE TABLE cost_ids (file_owner VARCHAR, id UHUGEINT)',
  'CREATE TABLE charge_ids (file_owner VARCHAR, id UHUGEINT, delivered_id UHUGEINT)',
] as const;

/** Per table the statements that add up its rows; the first looks at every cell that counts, the second at the ids. */
const STATEMENTS: Readonly<Record<ResultTable, readonly ((rows: string) => string)[]>> = {
  [TABLES.costs]: [
    (rows) => `INSERT INTO cost_totals
SELECT file_owner, CASE WHEN o.owner IN (SELECT owner FROM policed) AND (r."ChargeCategory" = 'Purchase' AND r."CommitmentDiscountId" IS NOT NULL
      OR r."CommitmentDiscountStatus" = 'Unused') THEN ${literal(PARTNER)} ELSE COALESCE(o.owner, ${literal(UNASSIGNED)}) END, BillingCurrency, SubAccountId, count(*),
  ${COST_COLUMNS.map((name) => `COALESCE(sum("${name}"), 0)`).join(', ')},
  ${COST_COLUMNS.map((name) => `count(*) - count("${name}")`).join(', ')},
  ${writtenContentSum()}
FROM ${rows} AS r LEFT JOIN owners AS o
  ON o.sub_account_id = r.SubAccountId AND o.provider_name = COALESCE(r.ProviderName, '')
  AND r.ChargePeriodStart >= o.valid_from AND r.ChargePeriodStart < o.valid_to
GROUP BY ALL`,
    (rows) =>
      `INSERT INTO cost_days SELECT CAST(min(ChargePeriodStart) AS DATE), CAST(max(ChargePeriodStart) AS DATE) FROM ${rows} AS r`,
    (rows) => `INSERT INTO cost_ids SELECT file_owner, md5_number(x_RowId) FROM ${rows} AS r`,
  ],
  [TABLES.customerCharges]: [
    (rows) => `INSERT INTO charge_totals
SELECT file_owner, BillingCurrency, count(*), count(*) FILTER (BillingAccountId IS DISTINCT FROM file_owner), count(*) FILTER (strpos(x_RowId, '/') > 0),
  ${COST_COLUMNS.map((name) => `COALESCE(sum("${name}"), 0)`).join(', ')}
FROM ${rows} AS r GROUP BY ALL`,
    (rows) =>
      `INSERT INTO charge_ids SELECT file_owner, md5_number(x_RowId), md5_number(split_part(x_RowId, '/', 1)) FROM ${rows} AS r`,
  ],
  [TABLES.waterfall]: [
    (rows) => `INSERT INTO delta_totals
SELECT file_owner, BillingCurrency, x_Stage, x_BillingRuleId, x_BillingRuleVersion, x_OtherBillingRuleId, x_Applied, x_WarningCode, count(*),
  ${COST_COLUMNS.map((name) => `COALESCE(sum("x_${name}Delta"), 0)`).join(', ')}
FROM ${rows} AS r GROUP BY ALL`,
  ],
};

function fourColumns(suffix: string, type: string): string {
  return COST_COLUMNS.map((name) => `"${name}_${suffix}" ${type}`).join(', ');
}
