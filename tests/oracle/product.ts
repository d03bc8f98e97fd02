import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { groupsStatement } from '../../lib/api/rules/preview-statements.ts';
import { Assignment } from '../../lib/domain/assignment.ts';
import { BillingPeriod } from '../../lib/domain/billing-period.ts';
import { BillingRule } from '../../lib/domain/billing-rule.ts';
import { CommitmentPolicy } from '../../lib/domain/commitment-policy.ts';
import { CustomerTenant } from '../../lib/domain/customer-tenant.ts';
import { Day, dayAfter } from '../../lib/domain/day.ts';
import { RuleId, RunId } from '../../lib/domain/ids.ts';
import { DEFAULT_SETTINGS, PartnerSettings } from '../../lib/domain/settings.ts';
import type { StoredRule } from '../../lib/domain/stored-rule.ts';
import { TABLES } from '../../lib/names/tables.ts';
import { planOwners } from '../../lib/pipeline/split-bill/owner-lines.ts';
import { ownerResolver } from '../../lib/pipeline/split-bill/resolve-owners.ts';
import type { Database } from '../../lib/ports/database.ts';
import { DELIVERED_COLUMNS, type DeliveredColumn } from '../../lib/rules/delivered-columns.ts';
import { splitSelect } from '../../lib/sources/split-select.ts';
import { DUCKDB_MACROS } from '../../lib/sql/duckdb-macros.ts';
import { type PricedBill, priceBill } from '../lib/rules/price-bill.ts';
import { AMOUNTS } from './bill.ts';
import type { Scene } from './price-bill.ts';
import type { Implemented } from './random-case.ts';
import type { Rule } from './rule.ts';
import { FIELDS } from './vocabulary.ts';

const RUN = RunId.parse(`run_${'0'.repeat(40)}`);
const PRECEDENCES = ['first_match', 'independent', 'sequential'] as const;

/** What the product's own schemas accept today. */
export const IMPLEMENTED: Implemented = {
  precedence: PRECEDENCES.filter((precedence) => PartnerSettings.shape.precedence.safeParse(precedence).success),
  isRule: (rule) => BillingRule.safeParse(rule).success,
  isPolicy: (policy) => CommitmentPolicy.safeParse(policy).success,
};

/** A priced bill, and what the preview alone says of one: rows that fell below 0, by `owner`, in `negative`. */
export interface PricedByProduct extends PricedBill {
  readonly negatives: readonly Readonly<Record<string, string | null>>[];
}

/** The product's statements on an engine: text as delivered in, ledgers out. */
export interface Product {
  readonly database: Database;
  price(scene: Scene): Promise<PricedByProduct>;
  close(): void;
}

/**
 * Opens a DuckDB as a worker does, or what `engine` makes of it. `subAccount` is the SQL of the sub account that rules read
 * of a split row, where it is not the one that owners were found by.
 */
export async function openProduct(
  engine = (database: Database, _folder: string): Database => database,
  subAccount = '"SubAccountId"',
): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), 'apportion-oracle-'));
  const duckdb = await openDuckdb({ folder, memoryMegabytes: 1_024, threads: 1 });
  const database = engine(duckdb, folder);
  for (const macro of DUCKDB_MACROS) await database.run(macro);
  return {
    database,
    price: async (scene) => {
      const bill = await priceBill(database, {
        settings: settingsOf(scene),
        customers: scene.customers.map((id) => customerOf(scene, id)),
        period: BillingPeriod.parse(scene.period),
        rules: scene.rules.map(storedRule),
        rows: scene.rows.map(({ x_RowId, BillingCurrency = null }) => ({ x_RowId, BillingCurrency })),
        deliver: async () => await splitRows(database, scene, { folder, subAccount }),
      });
      const { precedence } = scene;
      // Of DuckDB alone: previews are asked of no other engine.
      const negatives = await duckdb.rows(
        groupsStatement({ precedence, watched: undefined, negatives: 'all', groupBy: [] }),
      );
      return { ...bill, negatives };
    },
    close: () => {
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The rule as the product stores it; its schema fills in what the wire form leaves out. */
export function storedRule({ id, version, order, created, ...rule }: Rule): StoredRule {
  const createdAt = new Date(Date.UTC(2025, 0, 1) + created * 1_000).toISOString();
  return { id: RuleId.parse(id), version, order, createdAt, createdBy: 'partner', rule: BillingRule.parse(rule) };
}

function settingsOf({ precedence, commitments, currency }: Scene): PartnerSettings {
  return PartnerSettings.parse({ ...DEFAULT_SETTINGS, precedence, commitments, currency });
}

function customerOf({ commitments, commitmentsOf = {} }: Scene, id: string): CustomerTenant {
  const policy = commitmentsOf[id];
  const isOwn = policy !== undefined && policy.policy !== commitments.policy;
  return CustomerTenant.parse({
    ...{ id, name: 'Customer', createdAt: '2025-01-01T00:00:00Z', version: 1 },
    ...(isOwn ? { commitments: policy } : {}),
  });
}

/** Columns of a bill of these tests, all of them text; the row's id travels in ResourceName, which no rule reads. */
const BILL_COLUMNS = [
  ...['BillingPeriodStart', 'ResourceName', 'Tags', 'PricingQuantity', 'CommitmentDiscountId', 'BillingCurrency'],
  ...['ChargePeriodStart', 'ChargePeriodEnd', ...AMOUNTS, 'SubAccountId', ...FIELDS],
].filter((name) => name !== 'x_IntegrationId' && name !== 'x_CloudProvider');

/** Makes `delivered` of the text of a bill as a run does: read, given an owner, its tags a map. */
async function splitRows(
  database: Database,
  scene: Scene,
  { folder, subAccount }: { folder: string; subAccount: string },
): Promise<void> {
  const lines = scene.rows.map(({ x_RowId, Tags = null, ...row }) =>
    JSON.stringify({
      ...row,
      ...{ BillingPeriodStart: `${scene.period}-01T00:00:00Z`, ResourceName: x_RowId },
      Tags: Tags && JSON.stringify(Tags),
    }),
  );
  const columns = BILL_COLUMNS.map((name) => ({ name, type: 'VARCHAR' }));
  await readTable(database, { table: 'bill', columns, lines, path: join(folder, 'bill.json') });
  await writeOwners(database, scene, join(folder, 'owners.json'));
  const split = splitSelect({
    bill: { columns },
    tableName: 'bill',
    runId: RUN,
    period: BillingPeriod.parse(scene.period),
    unassignedShard: 0,
  });
  const values = DELIVERED_COLUMNS.map((name) => deliveredValue(name, subAccount));
  await database.run(`CREATE OR REPLACE TABLE delivered AS SELECT ${values.join(', ')} FROM (${split}) AS split`);
}

function deliveredValue(name: DeliveredColumn, subAccount: string): string {
  if (name === 'SubAccountId') return `${subAccount} AS "SubAccountId"`;
  if (name === 'x_IntegrationId') return `'bill' AS "x_IntegrationId"`;
  if (name === 'x_RowId') return `"ResourceName" AS "x_RowId"`;
  return name === 'Tags' ? `CAST(CAST("Tags" AS JSON) AS MAP(VARCHAR, VARCHAR)) AS "Tags"` : `"${name}"`;
}

async function writeOwners(
  database: Database,
  { rows, assignments, customers, period }: Scene,
  path: string,
): Promise<void> {
  const costs = { rounded: '0', exact: '0', nulls: 0 };
  const totals = rows.map(({ SubAccountId = null, ProviderName = null }) => ({
    ...{ BillingCurrency: 'USD', SubAccountId, ProviderName, rows: 1 },
    costs: { BilledCost: costs, EffectiveCost: costs, ListCost: costs, ContractedCost: costs },
  }));
  const stored = [
    ...Map.groupBy(assignments, ({ subAccountId, provider }) => JSON.stringify([subAccountId, provider])),
  ];
  const resolve = ownerResolver(
    stored.map(([, ranges]) =>
      Assignment.parse({
        subAccountId: ranges[0]?.subAccountId,
        provider: ranges[0]?.provider ?? null,
        ranges: ranges.map(({ owner, from, to }) => ({
          ...{ owner, from: from ?? null },
          to: to === undefined ? null : dayAfter(Day.parse(to)),
        })),
        version: 1,
      }),
    ),
    new Set(customers),
  );
  const { lines } = planOwners(totals, resolve, { period: BillingPeriod.parse(period), rowsPerShard: 1_000 });
  await readTable(database, {
    ...{ table: TABLES.owners, columns: OWNER_COLUMNS, path },
    lines: lines.map((line) => JSON.stringify({ run: RUN, ...line })),
  });
}

/** Columns of the table of owners, as a run writes it. */
const OWNER_COLUMNS = [
  ...['run', 'sub_account_id', 'provider_name', 'valid_from', 'valid_to', 'owner'].map((name) => text(name)),
  { name: 'shard', type: 'INTEGER' },
];

function text(name: string) {
  return { name, type: 'VARCHAR' };
}

/** A table of lines of JSON: read from a file, which is many times faster than thousands of literals in a statement. */
async function readTable(database: Database, { table, columns, lines, path }: TableOfLines): Promise<void> {
  writeFileSync(path, lines.join('\n'));
  const types = columns.map(({ name, type }) => `${name}: '${type}'`).join(', ');
  await database.run(
    `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM read_json('${path}', format = 'newline_delimited', columns = {${types}})`,
  );
}

interface TableOfLines {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly lines: readonly string[];
  readonly path: string;
}
