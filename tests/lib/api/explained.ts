import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { putUser } from '../../../lib/contracts/users/put-user.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { DEFAULT_SETTINGS, type PartnerSettings } from '../../../lib/domain/settings.ts';
import { COSTS_COLUMNS } from '../../../lib/focus/result-columns.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { DUCKDB_MACROS } from '../../../lib/sql/duckdb-macros.ts';
import { openForRules, type RowOfTest } from '../rules/delivered-table.ts';
import { priceBill } from '../rules/price-bill.ts';
import { stored } from '../rules/stored.ts';
import { apiCaller } from './api-caller.ts';
import { openApiWorld, publishRun } from './api-world.ts';

/** A bill of one integration with what prices it; rows without an owner are T1's. */
export interface ExplainedBill {
  readonly rows: readonly RowOfTest[];
  readonly rules?: readonly Readonly<Record<string, unknown>>[];
  readonly settings?: Partial<PartnerSettings>;
  readonly integration?: string;
  readonly period?: string;
}

/** The n-th row id. */
export const rowId = (number: number) => `${number.toString(16).padStart(32, '0')}-0`;

/** The API's world over tables of published rows that a bill was priced into as a worker does it. */
export async function openExplainWorld() {
  const world = await openApiWorld();
  const database = await openForRules();
  await database.run('CREATE SCHEMA published');
  const reader = await database.another();
  await reader.run("SET schema = 'published'");
  for (const macro of [...DUCKDB_MACROS]) await reader.run(macro);
  const asked: { readonly as: string; readonly statement: string }[] = [];
  const query = (as: string, statement: string) => {
    asked.push({ as, statement });
    return reader.rows(statement);
  };
  const inDuckdb = {
    ...world.world,
    ledger: { query },
    partnerLedger: { query: (statement: string) => query('partner', statement) },
  };
  const api = apiCaller({ ...world, world: inDuckdb });
  const make = async (name: string): Promise<CustomerTenant> =>
    await world.world.customers.find((await api.call(createCustomer, { body: { name } })).body.id).then((one) => {
      if (one === undefined) throw new Error(`${name} was not made`);
      return one;
    });
  const [T1, T2] = [await make('T1'), await make('T2')];
  await api.call(putUser, { params: { sub: 'user-of-T1' }, body: { role: 'customer', customerId: T1.id } });
  let runs = 0;
  const publish = async ({ rows, rules = [], integration = 'bill', period = '2025-03', ...bill }: ExplainedBill) => {
    runs += 1;
    const month = BillingPeriod.parse(period);
    const settings = { ...DEFAULT_SETTINGS, ...bill.settings };
    const delivered = rows.map((row) => ({ x_Owner: T1.id, x_IntegrationId: integration, ...row }));
    const storedRules = stored(...rules);
    const customers = [T1, T2];
    await priceBill(database, { settings, customers, rules: storedRules, rows: delivered, period: month });
    const owners = [...new Set((await database.rows('SELECT x_Owner FROM priced')).map((row) => row.x_Owner ?? ''))];
    const runId = await publishRun(world, { integration, period: month, owners, number: runs });
    const costs = Object.keys(COSTS_COLUMNS).map((name) =>
      name === 'x_RunId' ? `'${runId}' AS "x_RunId"` : `"${name}"`,
    );
    await add('costs', `SELECT ${costs.join(', ')}, "x_Owner" AS customer FROM priced`);
    await add('waterfall', `SELECT * EXCLUDE ("x_Owner"), "x_Owner" AS customer FROM waterfall`);
    await add('customer_charges', `SELECT * EXCLUDE ("x_Owner"), "x_Owner" AS customer FROM ledger`);
    async function add(table: string, select: string) {
      await database.run(
        `CREATE TABLE IF NOT EXISTS published.${table} AS SELECT *, '${period}' AS period FROM (${select}) WHERE FALSE`,
      );
      await database.run(`INSERT INTO published.${table} SELECT *, '${period}' AS period FROM (${select})`);
    }
    const plan = {
      ...{ runId, integrationId: integration, period, deliveryId: `dlv_${'0'.repeat(40)}`, deliverySeq: '1' },
      ...{ configRevision: 1, partner: settings, customers, rules: storedRules, shards: [], rows: rows.length },
    };
    world.lake.texts.set(LAKE.plan(runId), JSON.stringify(plan));
    return runId;
  };
  return {
    ...{ world, api, database, asked, T1, T2, publish },
    close: async () => {
      reader.close();
      database.close();
      await world.close();
    },
  };
}
