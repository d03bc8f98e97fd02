import { FOCUS_COLUMNS } from '../../focus/columns.ts';
import { SPLIT_COLUMNS, SQL_TYPES } from '../../focus/split-columns.ts';
import { PARTNER } from '../../names/tables.ts';
import type { Database } from '../../ports/database.ts';
import { sharesUnused } from '../../rules/commitments/commitment-policies.ts';
import { commitmentSharesSelect } from '../../rules/commitments/commitment-shares.ts';
import { ownerAfterPolicies } from '../../rules/commitments/settled-relation.ts';
import type { CompiledRules } from '../../rules/compile-rules.ts';
import { literal } from '../../sql/literal.ts';
import type { Plan } from './plan.ts';
import { pricingOf } from './pricing-of.ts';

/** Columns of the split that say what was delivered: all but the owner, whose change must not change a row's id. */
const CONTENT = Object.keys(SPLIT_COLUMNS).filter((name) => name !== 'x_Owner');

/** A shard's priced rows, sorted by owner; `x_OwnerNumber` is the owner's place in the list. */
export const SHARD_ROWS = 'shard_rows';

/** An owner found in a shard, and where its rows stand in the table: a reader of one owner passes over all others. */
export interface OwnerRows {
  readonly owner: string;
  /** Its `x_OwnerNumber`. */
  readonly number: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

/**
 * Reads a shard's Parquet files and prices them into the table `shard_rows`: Tags as a map, each row with its id, sorted
 * by owner so that one owner's rows are read without looking at another's. Rows are sorted once and priced on the way
 * there: a second wide table costs more than the six amounts. Returns the owners found, and the most rules that one row
 * has; a row of an owner that the plan does not give this shard throws. `loadCommitments` goes before.
 */
export async function loadShardRows(
  database: Database,
  { files, plan, shard }: { files: readonly string[]; plan: Plan; shard: number },
): Promise<{ readonly owners: readonly OwnerRows[]; readonly steps: number }> {
  const { compiled, policies } = pricingOf(plan, plan.rules);
  const source = `read_parquet([${files.map(literal).join(', ')}], filename = true, file_row_number = true)`;
  const found = await database.rows(
    `SELECT DISTINCT ${ownerAfterPolicies(policies).text} AS owner FROM ${source} ORDER BY owner`,
  );
  const owners = found.map(({ owner }) => owner ?? '');
  const planned = new Set(plan.shards.find((one) => one.shard === shard)?.owners);
  if (policies.size > 0) planned.add(PARTNER);
  for (const owner of owners)
    if (!planned.has(owner)) throw new Error(`shard ${shard} of ${plan.runId} holds rows of ${owner}`);
  await numberRepeats(database, source);
  await database.run(`CREATE VIEW delivered AS
SELECT ${typedColumns().join(', ')}, split.x_Owner,
  ${literal(plan.integrationId)} AS x_IntegrationId,
  format('{:016x}{:016x}-{}', ${FIRST_HASH}, ${SECOND_HASH}, COALESCE(x_Ordinal, 0)) AS x_RowId
FROM ${source} AS split
LEFT JOIN repeats ON repeats.filename = split.filename AND repeats.file_row_number = split.file_row_number`);
  const numbers = owners.map((owner, number) => `(${literal(owner)}, ${number})`).join(', ');
  if (sharesUnused(policies)) await database.run(`CREATE TABLE commitment_shares AS ${commitmentSharesSelect()}`);
  const steps = await mostRules(database, compiled);
  for (const { table, select } of compiled.partlyPriced(steps))
    await database.run(`CREATE TABLE ${table} AS ${select}`);
  await database.run(`CREATE TABLE ${SHARD_ROWS} AS
SELECT priced.*, x_OwnerNumber
FROM (${compiled.priced(steps)}) AS priced JOIN (VALUES ${numbers}) AS owners (x_Owner, x_OwnerNumber) ON owners.x_Owner = priced.x_Owner
ORDER BY x_OwnerNumber`);
  const places = await database.rows(
    `SELECT x_OwnerNumber AS number, min(rowid) AS first, max(rowid) AS last FROM ${SHARD_ROWS} GROUP BY x_OwnerNumber ORDER BY x_OwnerNumber`,
  );
  const rows = owners.map((owner, number) => ({
    owner,
    number,
    firstRow: Number(places[number]?.first),
    lastRow: Number(places[number]?.last),
  }));
  return { owners: rows, steps };
}

async function mostRules(database: Database, compiled: CompiledRules): Promise<number> {
  if (compiled.mostRules === undefined) return 1;
  const [found] = await database.rows(compiled.mostRules);
  return Number(found?.steps);
}

/**
 * A row's content in 128 bits, once over its columns from left to right and once from right to left. DuckDB's `hash` is
 * the same on every processor and costs a tenth of MD5 over the row's text; a test pins its values for this version.
 */
const FIRST_HASH = `hash(${CONTENT.map(quoted).join(', ')})`;
const SECOND_HASH = `hash(${CONTENT.map(quoted).reverse().join(', ')})`;

/**
 * Numbers rows of equal content, from 1 for the second: such rows are interchangeable, so any order gives the same ids.
 * Only rows that repeat are sorted for it.
 */
async function numberRepeats(database: Database, source: string): Promise<void> {
  await database.run(
    `CREATE TABLE contents AS SELECT filename, file_row_number, ${FIRST_HASH} AS first, ${SECOND_HASH} AS second FROM ${source}`,
  );
  await database.run(`CREATE TABLE repeats AS
SELECT filename, file_row_number, x_Ordinal FROM (
  SELECT filename, file_row_number, row_number() OVER (PARTITION BY first, second) - 1 AS x_Ordinal
  FROM contents SEMI JOIN (SELECT first, second FROM contents GROUP BY first, second HAVING count(*) > 1) AS more
    ON contents.first = more.first AND contents.second = more.second
) WHERE x_Ordinal > 0`);
  await database.run('DROP TABLE contents');
}

/** What was delivered, column by column, of files of the split read as `split`. */
export function typedColumns(): readonly string[] {
  return CONTENT.map(columnOf);
}

/** Athena writes column names in lower case, and may write text as a type of its own: each column is named and typed here. */
function columnOf(name: string): string {
  if (isTags(name)) return `${TAGS} AS ${quoted(name)}`;
  const type = SPLIT_COLUMNS[name];
  if (type === undefined) throw new Error(`${name} is no column of the split`);
  return `CAST(split.${quoted(name)} AS ${SQL_TYPES[type]}) AS ${quoted(name)}`;
}

/** The tags as a map: a value that is not text is its JSON text, a null one is absent, of a repeated key the last counts. */
const TAGS_AS_DELIVERED = 'CAST(CAST(split."Tags" AS JSON) AS MAP(VARCHAR, VARCHAR))';
const TAGS = `CASE
  WHEN strpos(split."Tags", 'null') = 0 AND len(list_distinct(json_keys(split."Tags"))) = len(json_keys(split."Tags")) THEN ${TAGS_AS_DELIVERED}
  ELSE map_from_entries(list_filter(map_entries(${TAGS_AS_DELIVERED}), lambda entry, place:
    entry.value IS NOT NULL
    AND list_position(list_reverse(json_keys(split."Tags")), entry.key) = len(json_keys(split."Tags")) - place + 1))
END`;

function isTags(name: string): boolean {
  return name in FOCUS_COLUMNS && FOCUS_COLUMNS[name as keyof typeof FOCUS_COLUMNS] === 'tags';
}

function quoted(name: string): string {
  return `"${name}"`;
}
