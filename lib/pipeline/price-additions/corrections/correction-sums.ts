import { COST_COLUMNS, type CostColumn, type FocusColumn } from '../../../focus/columns.ts';
import type { Database } from '../../../ports/database.ts';
import { chargedColumn, pricedColumn } from '../../../rules/priced-columns.ts';
import { identifiers } from '../../../sql/identifiers.ts';
import { join, type Sql, sql } from '../../../sql/sql.ts';
import { valuesOf } from '../added-columns.ts';
import type { FourCosts, TextRow } from '../addition-row.ts';
import type { LocalFile } from '../fetch-result-files.ts';

/** What a correction says of the charges that it sums: the same in `priced` and in the customer ledger. */
const KEYS = [
  ...['BillingCurrency', 'ChargeCategory', 'PublisherName', 'ServiceCategory', 'ServiceName', 'ServiceSubcategory'],
  ...['SubAccountId', 'SubAccountName', 'SubAccountType'],
] as const satisfies readonly FocusColumn[];

/** A difference between what is charged and what would be. */
export interface CorrectionSum {
  readonly customerId: string;
  readonly currency: string;
  /** By `KEYS`. */
  readonly keys: TextRow;
  readonly costs: FourCosts;
}

const column = identifiers([...KEYS, ...COST_COLUMNS, 'x_Owner', 'ChargeClass', 'ChargePeriodStart']);
const TYPES = Object.fromEntries([
  ...['x_Owner', ...KEYS].map((name) => [name, 'VARCHAR']),
  ...COST_COLUMNS.map((cost) => [cost, 'DECIMAL(38,18)']),
]);

/**
 * What a closed month's customers would be charged less what they were, in a table of one database: every call adds rows
 * to it, and what is left over at the end is the correction. Amounts that are null count as 0.
 */
export class CorrectionSums {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Begins anew. */
  async clear(): Promise<void> {
    const columns = Object.entries(TYPES).map(([name, type]) => `"${name}" ${type}`);
    await this.#database.run(`CREATE OR REPLACE TEMP TABLE correction_sums (${columns.join(', ')})`);
  }

  /** Adds what the relation `priced` charges customers. */
  async addPriced(): Promise<void> {
    const keys = KEYS.map((name) => pricedColumn(name));
    const sums = COST_COLUMNS.map((cost) => sumOf(chargedColumn(cost)));
    await this.#insert(sql`SELECT ${[pricedColumn('x_Owner'), ...keys, ...sums]} FROM priced
WHERE NOT ${pricedColumn('x_Removed')} AND ${pricedColumn('x_Owner')} NOT IN ('unassigned', 'partner')
GROUP BY ${[pricedColumn('x_Owner'), ...keys]}`);
  }

  /** Adds rows that rules would add, as the ledger would hold them. */
  async addRows(rows: readonly TextRow[]): Promise<void> {
    if (rows.length === 0) return;
    const values = rows.map((row) => valuesOf(TYPES, { ...row, x_Owner: row.BillingAccountId ?? null }));
    await this.#insert(sql`VALUES ${join(values)}`);
  }

  /** Takes off what files of customer ledgers hold: all of it, or only its corrections of the month that begins then. */
  async takeCharged(files: readonly LocalFile[], which: 'charges' | { readonly correctionsOf: string }): Promise<void> {
    if (files.length === 0) return;
    const keys = KEYS.map((name) => column(name));
    const isMeant =
      which === 'charges'
        ? sql`${column('ChargeClass')} IS NULL`
        : sql`${column('ChargeClass')} = 'Correction' AND ${column('ChargePeriodStart')} = CAST(${which.correctionsOf} AS TIMESTAMP)`;
    const owners = join(files.map(({ path, owner }) => sql`(${path}, ${owner})`));
    await this.#insert(sql`SELECT owners.owner, ${keys}, ${COST_COLUMNS.map((cost) => sql`-${sumOf(column(cost))}`)}
FROM read_parquet([${files.map(({ path }) => sql`${path}`)}], filename = true) AS charges
JOIN (VALUES ${owners}) AS owners (path, owner) ON charges.filename = owners.path
WHERE ${isMeant} GROUP BY ${[sql`owners.owner`, ...keys]}`);
  }

  /** What is left over, sorted by customer and keys; nothing where all four costs come out alike. */
  async differences(): Promise<readonly CorrectionSum[]> {
    const keys = [column('x_Owner'), ...KEYS.map((name) => column(name))];
    const sums = COST_COLUMNS.map((cost) => sql`CAST(sum(${column(cost)}) AS VARCHAR) AS ${column(cost)}`);
    const differs = join(
      COST_COLUMNS.map((cost) => sql`sum(${column(cost)}) <> 0`),
      ' OR ',
    );
    const rows = await this.#database.rows(
      sql`SELECT ${[...keys, ...sums]} FROM correction_sums GROUP BY ${keys} HAVING ${differs} ORDER BY ${keys}`.text,
    );
    return rows.map((row) => ({
      customerId: row.x_Owner ?? '',
      currency: row.BillingCurrency ?? '',
      keys: Object.fromEntries(KEYS.map((name) => [name, row[name] ?? null])),
      costs: costsOf((cost) => row[cost] ?? '0'),
    }));
  }

  async #insert(select: Sql): Promise<void> {
    await this.#database.run(`INSERT INTO correction_sums ${select.text}`);
  }
}

function sumOf(amount: Sql): Sql {
  return sql`COALESCE(sum(${amount}), 0)`;
}

function costsOf(of: (cost: CostColumn) => string): FourCosts {
  return {
    BilledCost: of('BilledCost'),
    EffectiveCost: of('EffectiveCost'),
    ListCost: of('ListCost'),
    ContractedCost: of('ContractedCost'),
  };
}
