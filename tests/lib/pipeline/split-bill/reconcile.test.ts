import { beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { reconcile } from '../../../../lib/pipeline/split-bill/reconcile.ts';
import { type ShardAnswer, ShardList } from '../../../../lib/pipeline/split-bill/shard-list.ts';
import type { ShardTask } from '../../../../lib/pipeline/split-bill/split-bill.ts';
import type { Database, OpenDatabase } from '../../../../lib/ports/database.ts';
import type { ObjectStore } from '../../../../lib/ports/object-store.ts';
import { stored } from '../../rules/stored.ts';
import { bill } from '../receive-bill/small-bill.ts';
import { customerId, INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

/** A worker's database that changes its statements: the fault planted into a run that is otherwise right. */
function tampering(change: (statement: string) => string): OpenDatabase {
  const wrap = (database: Database): Database => ({
    ...database,
    run: (statement) => database.run(change(statement)),
    rows: (statement) => database.rows(change(statement)),
    another: async () => wrap(await database.another()),
  });
  return async (options) => wrap(await openDuckdb(options));
}

/** Changes the SELECT of the files of one table. */
function written(table: string, change: (select: string) => string): OpenDatabase {
  return tampering((statement) => {
    const found = /^COPY \((.*)\) TO '([^']*)' (\(.*\))$/s.exec(statement);
    const [, select = '', path = '', options = ''] = found ?? [];
    return path.includes(`/${table}-`) ? `COPY (${change(select)}) TO '${path}' ${options}` : statement;
  });
}

function plus(column: string, amount: string, type: string): (select: string) => string {
  return (select) =>
    `SELECT * REPLACE (CAST("${column}" + CAST('${amount}' AS ${type}) AS ${type}) AS "${column}") FROM (${select})`;
}

const doubled = (select: string) => `SELECT * FROM (${select}) UNION ALL (SELECT * FROM (${select}) LIMIT 1)`;
const dropped = (select: string) => `SELECT * FROM (${select}) OFFSET 1`;

describe('Reconcile, from the written files alone,', () => {
  const splitting = splittingBills();
  let world: Splitting;
  let tasks: readonly ShardTask[];

  beforeAll(async () => {
    world = await splitting();
    world.assign('111111111111', 'a');
    world.assign('222222222222', 'b');
    world.rules = stored(
      { name: 'List', type: 'adjust_to_list', customers: [customerId('a')] },
      { name: 'Nothing', type: 'back_out', customers: [customerId('b')] },
    );
    await world.deliver(
      'march.csv',
      bill([
        { SubAccountId: '111111111111', ListCost: '10' },
        { SubAccountId: '111111111111', ListCost: '11' },
        { SubAccountId: '222222222222', BilledCost: '3' },
        { SubAccountId: '222222222222', BilledCost: '3' },
        { SubAccountId: '', BilledCost: '', EffectiveCost: '0' },
      ]),
    );
    tasks = await world.splitUntilPriced();
  });

  const price = async (openDatabase: OpenDatabase = openDuckdb) => {
    const answers: ShardAnswer[] = [];
    for (const task of tasks) answers.push(await world.priceShard(task, { openDatabase }));
    return answers;
  };
  const check = async (lists: readonly ShardAnswer[], change: { lake?: ObjectStore } = {}) => {
    const [task] = tasks;
    if (!task) throw new Error('no shard');
    return await reconcile({ ...world.world, ...change })({ runId: task.runId, planKey: task.planKey, lists });
  };
  const filesOf = async ({ listKey }: ShardAnswer) =>
    ShardList.parse(JSON.parse((await world.lake.readText(listKey))?.text ?? '')).files;

  test('passes a run that is right, and names its files for publishing', async () => {
    const lists = await price();
    expect(await check(lists)).toMatchObject({ reconciled: true });
    const publication = JSON.parse((await world.lake.readText(LAKE.publication(tasks[0]?.runId ?? '')))?.text ?? '');
    expect(
      publication.lists.map(({ table, owner }: { table: string; owner: string }) => `${table} ${owner}`).sort(),
    ).toEqual(
      [
        `costs ${customerId('a')}`,
        `costs ${customerId('b')}`,
        'costs unassigned',
        `customer_charges ${customerId('a')}`,
        `waterfall ${customerId('a')}`,
        `waterfall ${customerId('b')}`,
      ].sort(),
    );
  });

  const cost = 'DECIMAL(28,12)';
  const amount = 'DECIMAL(38,18)';
  test.each<[string, OpenDatabase, { check: RegExp; column: string; [detail: string]: unknown }]>([
    ['a row that was doubled', written('costs', doubled), { check: /^delivered/, column: 'rows' }],
    ['a row that was dropped', written('costs', dropped), { check: /^delivered/, column: 'rows' }],
    [
      'a digit in the 12th decimal of a cost',
      written('costs', plus('ContractedCost', '0.000000000001', cost)),
      {
        check: /^delivered/,
        column: 'ContractedCost',
        owner: '111111111111',
        currency: 'USD',
        expected: '2.5',
        actual: '2.500000000002',
      },
    ],
    [
      'a null that became 0',
      written('costs', (select) => `SELECT * REPLACE (COALESCE("BilledCost", 0) AS "BilledCost") FROM (${select})`),
      { check: /nulls$/, column: 'BilledCost', expected: '1', actual: '0' },
    ],
    [
      'a row for another of the same cost',
      written('costs', (select) => `SELECT * REPLACE ('another' AS "ResourceId") FROM (${select})`),
      { check: /no row for another$/, column: 'content', owner: '111111111111' },
    ],
    [
      'a digit in the 18th decimal of what a customer is charged',
      written('customer_charges', plus('EffectiveCost', '0.000000000000000001', amount)),
      { check: /^customer ledger/, column: 'EffectiveCost', owner: customerId('a') },
    ],
    [
      'a wrong delta in the waterfall',
      written('waterfall', plus('x_ListCostDelta', '-0.000000000000000001', amount)),
      { check: /^customer ledger/, column: 'ListCost' },
    ],
    ['a charge that was doubled', written('customer_charges', doubled), { check: /^no row twice/, column: 'x_RowId' }],
    ['a charge that was dropped', written('customer_charges', dropped), { check: /^customer ledger/, column: 'rows' }],
    [
      'a back-out that left no trace',
      written('waterfall', (select) => `SELECT * FROM (${select}) WHERE x_BillingRuleType <> 'back_out'`),
      { check: /^customer ledger/, column: 'rows', owner: customerId('b') },
    ],
    [
      'another customer’s rows in a customer’s file, sums or not',
      written('costs', (select) =>
        select.replace(
          /x_OwnerNumber BETWEEN ([01]) AND .*$/,
          (_, number) => `x_OwnerNumber = ${number === '0' ? 1 : 0}`,
        ),
      ),
      { check: /^every row of a cost ledger/, column: 'SubAccountId' },
    ],
    [
      'a charge on another customer’s name',
      written('customer_charges', (select) => `SELECT * REPLACE ('cus_x' AS "BillingAccountId") FROM (${select})`),
      { check: /^every row of a customer ledger/, column: 'BillingAccountId', expected: '0', actual: '2' },
    ],
    [
      'a charge that nobody delivered',
      written('customer_charges', (select) => `SELECT * REPLACE ('x' || "x_RowId" AS "x_RowId") FROM (${select})`),
      { check: /was delivered to that customer$/, column: 'x_RowId' },
    ],
    [
      'a rule version that is not the plan’s',
      written('waterfall', (select) => `SELECT * REPLACE (7 AS x_BillingRuleVersion) FROM (${select})`),
      { check: /of the plan’s version$/, column: 'x_BillingRuleVersion', actual: '7' },
    ],
  ])('catches %s', async (_, openDatabase, { check: name, ...details }) => {
    const lists = await price(openDatabase);
    await expect(check(lists)).rejects.toMatchObject({
      code: 'not_reconciled',
      details: { check: expect.stringMatching(name), ...details },
    });
  });

  test('catches a file that was swapped after its worker had answered', async () => {
    const lists = await price();
    const [list] = lists;
    const files = list ? await filesOf(list) : [];
    const [one, other] = files.filter(({ table }) => table === 'costs');
    if (!one || !other) throw new Error('two files are needed');
    const lake: ObjectStore = {
      ...world.lake,
      download: async (key, path) => await world.lake.download(key === one.key ? other.key : key, path),
    };
    await expect(check(lists, { lake })).rejects.toMatchObject({
      code: 'result_file_changed',
      details: { file: one.key },
    });
    const gone: ObjectStore = {
      ...world.lake,
      download: async (key, path) => (key === one.key ? undefined : world.lake.download(key, path)),
    };
    await expect(check(lists, { lake: gone })).rejects.toMatchObject({ code: 'result_file_changed' });
  });

  test('catches a list that is not the one that was answered for, and a shard without one', async () => {
    const [list] = await price();
    if (!list) throw new Error('no shard');
    await expect(check([{ ...list, sha256: '0'.repeat(64) }])).rejects.toMatchObject({
      code: 'result_file_changed',
      details: { file: list.listKey },
    });
    await expect(check([])).rejects.toMatchObject({ code: 'not_reconciled', details: { check: 'one list per shard' } });
    await expect(check([list, list])).rejects.toMatchObject({ details: { check: 'one list per shard' } });
  });

  test('catches a delivered file that changed while it was read', async () => {
    const lists = await price();
    const lake: ObjectStore = {
      ...world.lake,
      head: async (key) => {
        const found = await world.lake.head(key);
        return found && { ...found, etag: '"another"' };
      },
    };
    await expect(check(lists, { lake })).rejects.toMatchObject({ code: 'file_changed' });
  });

  test('publishes nothing of a run that it has refused', async () => {
    await expect(check(await price(written('costs', dropped)))).rejects.toThrow();
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published).toBeNull();
    expect(
      await world.lake.readText(LAKE.publishedList('costs', customerId('a'), PERIOD, INTEGRATION)),
    ).toBeUndefined();
  });
});
