import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import { DeliveryId } from '../../../../lib/domain/ids.ts';
import { COSTS_COLUMNS, CUSTOMER_CHARGES_COLUMNS, WATERFALL_COLUMNS } from '../../../../lib/focus/result-columns.ts';
import { SPLIT_COLUMNS, SQL_TYPES } from '../../../../lib/focus/split-columns.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import type { Plan } from '../../../../lib/pipeline/split-bill/plan.ts';
import { priceShard } from '../../../../lib/pipeline/split-bill/price-shard.ts';
import { ShardAnswer, ShardList } from '../../../../lib/pipeline/split-bill/shard-list.ts';
import type { Database } from '../../../../lib/ports/database.ts';
import { stored } from '../../rules/stored.ts';
import { A, B, COSTS, expectedCharge, ROWS, type SplitRow, units, usual } from './small-shard.ts';
import { INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

describe('A worker that prices a shard', () => {
  const splitting = splittingBills();
  let world: Splitting;
  let folder: string;
  let database: Database;
  let run: ReturnType<Splitting['want']>;
  let plan: Plan;

  beforeAll(async () => {
    world = await splitting();
    folder = await mkdtemp(join(tmpdir(), 'price-shard-'));
    database = await openDuckdb({ folder, memoryMegabytes: 500, threads: 1 });
    const wanted = { deliverySeq: '01', deliveryId: DeliveryId.parse(`dlv_${'d'.repeat(40)}`) };
    await world.periods.raiseWanted(INTEGRATION, PERIOD, wanted);
    run = world.want();
    const { runId, executionArn } = run;
    await world.periods.acquireLease(INTEGRATION, PERIOD, {
      runId,
      executionArn,
      now: world.now.toISOString(),
      expiresAt: new Date(world.now.getTime() + 60_000).toISOString(),
    });
    await world.runs.add({
      id: runId,
      integrationId: INTEGRATION,
      period: PERIOD,
      status: 'Running',
      step: 'SplitByShard',
      steps: {},
      deliveryId: wanted.deliveryId,
      configRevision: 1,
      startedAt: world.now.toISOString(),
      endedAt: null,
      rowsDelivered: null,
      summaryKey: null,
      reason: null,
    });
    const rules = [
      ...stored(
        {
          name: 'S3',
          type: 'rerate',
          base: 'billed_cost',
          offsetPercent: '-12.5',
          filter: { field: 'ServiceName', op: 'in', values: ['Amazon S3'] },
        },
        { name: 'No tax', type: 'back_out', filter: { field: 'ChargeCategory', op: 'in', values: ['Tax'] } },
        { name: 'List', type: 'adjust_to_list', offsetPercent: '7.25', customers: [A] },
      ),
    ];
    plan = {
      ...{ runId, integrationId: INTEGRATION, period: PERIOD, ...wanted, configRevision: 1, rules, rows: ROWS.length },
      partner: (await world.world.config.read()).settings,
      customers: world.customers,
      shards: [{ shard: 0, owners: [A, B, 'partner', 'unassigned'], rowsPlanned: ROWS.length }],
    };
    await world.lake.writeText(LAKE.plan(runId), JSON.stringify(plan));
    await uploadShard(ROWS, runId, 0);
  });
  afterAll(async () => {
    database.close();
    await rm(folder, { recursive: true });
  });

  const uploadShard = async (rows: readonly SplitRow[], runId: string, shard: number) => {
    const selects = rows.map((row) => {
      const cells = Object.entries(SPLIT_COLUMNS).map(([name, type]) => {
        const value = row[name];
        return `CAST(${value === undefined ? 'NULL' : `'${value}'`} AS ${SQL_TYPES[type]}) AS ${name.toLowerCase()}`;
      });
      return `SELECT ${cells.join(', ')}`;
    });
    const path = join(folder, 'shard.parquet');
    await database.run(`COPY (${selects.join(' UNION ALL ')}) TO '${path}' (FORMAT parquet)`);
    await world.lake.upload(`${LAKE.splitShardLocation(runId, '0-0', shard)}20250402_part-0`, path);
  };

  let tokens = 0;
  const work = async (shard = 0) => {
    const token = `worker token ${tokens++}`;
    const outcome = await priceShard(world.world)({ ...taskOf(shard), token });
    return { outcome, answer: world.tokens.answers.get(token) };
  };
  const taskOf = (shard: number) => ({
    runId: run.runId,
    planKey: LAKE.plan(run.runId),
    attempt: '0-0',
    shard,
    fence: 1,
  });
  const price = async () => {
    const { answer } = await work();
    if (answer === undefined || 'error' in answer) throw new Error('refused');
    const receipt = ShardAnswer.parse(answer.output);
    const text = (await world.lake.readText(receipt.listKey))?.text ?? '';
    return { receipt, list: ShardList.parse(JSON.parse(text)) };
  };
  /** Rows of one result file, read back from the lake. */
  const rowsOf = async (list: ShardList, table: string, owner: string, select = '*') => {
    const file = list.files.find((one) => one.table === table && one.owner === owner);
    if (!file) return [];
    const path = join(folder, 'read.parquet');
    const read = await world.lake.download(file.key, path);
    expect({ sha256: read?.sha256, rows: file.rows }).toEqual({
      sha256: file.sha256,
      rows: Number((await database.rows(`SELECT count(*) AS n FROM '${path}'`))[0]?.n),
    });
    return await database.rows(`SELECT ${select} FROM '${path}' ORDER BY x_RowId`);
  };

  test('charges every row what a computation row by row says, to the 18th decimal', async () => {
    const { list, receipt } = await price();
    expect(receipt.rows).toBe(ROWS.length);
    for (const owner of [A, B]) {
      const charged = await rowsOf(list, 'customer_charges', owner, `x_RowId, ${COSTS.join(', ')}`);
      const asUnits = charged.map((row) => COSTS.map((column) => units(row[column] ?? undefined, 18)));
      const expected = ROWS.filter((row) => row.x_Owner === owner).flatMap(expectedCharge);
      const inOrder = (rows: readonly (readonly (bigint | null)[])[]) => rows.map(String).sort();
      expect(inOrder(asUnits)).toEqual(inOrder(expected));
    }
  });

  test('keeps the delivered row in the cost ledger as it was, each under an id of its own', async () => {
    const { list } = await price();
    const costs = await rowsOf(
      list,
      'costs',
      A,
      `x_RowId, x_RunId, x_IntegrationId, ${COSTS.join(', ')}, CAST(Tags AS VARCHAR) AS Tags`,
    );
    const delivered = ROWS.filter((row) => row.x_Owner === A).map((row) =>
      COSTS.map((column) => units(row[column], 12)),
    );
    expect(costs.map((row) => String(COSTS.map((column) => units(row[column] ?? undefined, 12)))).sort()).toEqual(
      delivered.map(String).sort(),
    );
    expect(new Set(costs.map((row) => row.x_RunId))).toEqual(new Set([run.runId]));
    expect(new Set(costs.map((row) => row.x_IntegrationId))).toEqual(new Set(['acme']));
    expect(new Set(costs.map((row) => row.x_RowId)).size).toBe(7);
    expect(costs.map((row) => row.x_RowId?.slice(-2)).sort()).toEqual(['-0', '-0', '-0', '-0', '-0', '-0', '-1']);
  });

  test('reads tags as a map: other values as JSON text, nulls absent, of a repeated key the last', async () => {
    const { list } = await price();
    const costs = await rowsOf(
      list,
      'costs',
      A,
      `x_RowId, Tags['env'] AS env, Tags['n'] AS n, Tags['deep'] AS deep, map_contains(Tags, 'gone') AS gone, BilledCost`,
    );
    expect(costs.find(({ BilledCost }) => BilledCost === '0.123456789012')).toMatchObject({
      env: 'prod',
      n: '1',
      deep: '{"a":[1,2]}',
      gone: 'false',
    });
    expect(costs.find(({ BilledCost }) => BilledCost === '-7.500000000000')).toMatchObject({ env: 'prod' });
  });

  test('writes each table’s columns in order and in their types, and no ledger for who is no customer', async () => {
    const { list } = await price();
    expect(list.files.map(({ table, owner }) => `${owner} ${table}`).sort()).toEqual([
      `${A} costs`,
      `${A} customer_charges`,
      `${A} waterfall`,
      `${B} costs`,
      `${B} customer_charges`,
      'partner costs',
      'unassigned costs',
    ]);
    const tables = { costs: COSTS_COLUMNS, customer_charges: CUSTOMER_CHARGES_COLUMNS, waterfall: WATERFALL_COLUMNS };
    for (const [table, columns] of Object.entries(tables)) {
      await rowsOf(list, table, A);
      const types = await database.rows(`DESCRIBE SELECT * FROM '${join(folder, 'read.parquet')}'`);
      expect(types.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
        Object.entries(columns).map(([name, hive]) => [name, DUCKDB_TYPES[hive] ?? hive.toUpperCase()]),
      );
    }
  });

  test('writes a delta for each row that a rule was applied to, and says which version', async () => {
    const { list } = await price();
    const steps = await rowsOf(
      list,
      'waterfall',
      A,
      'x_RowId, x_BillingRuleName AS rule, x_BillingRuleVersion AS version, x_WarningCode AS warning, x_BilledCostDelta AS billed',
    );
    const named = Map.groupBy(steps, ({ rule }) => rule);
    expect([...named].map(([rule, rows]) => [rule, rows.length]).sort()).toEqual([
      ['List', 2],
      ['No tax', 1],
      ['S3', 3],
    ]);
    expect(named.get('No tax')).toMatchObject([{ version: '2', warning: null, billed: '-5.000000000000000000' }]);
  });

  test('applies more rules to a row than one statement does, each once, for every owner', async () => {
    const percents = ['-50', ...Array.from({ length: 18 }, () => '0'), '-50'];
    const rules = [
      ...stored(...percents.map((offsetPercent) => ({ type: 'rerate', base: 'billed_cost', offsetPercent }))),
    ];
    const longer = { ...plan, rules, partner: { ...plan.partner, precedence: 'sequential' as const } };
    await world.lake.writeText(LAKE.plan(run.runId), JSON.stringify(longer));
    const { list } = await price();
    await world.lake.writeText(LAKE.plan(run.runId), JSON.stringify(plan));
    for (const [owner, taken] of [
      [A, 5],
      [B, 1],
    ] as const) {
      const steps = await rowsOf(list, 'waterfall', owner, 'x_RowId, x_BillingRuleName AS rule');
      expect(new Set(steps.map((step) => `${step.x_RowId} ${step.rule}`)).size).toBe(20 * taken);
      expect(steps).toHaveLength(20 * taken);
    }
    const [charged] = await rowsOf(list, 'customer_charges', B, 'BilledCost');
    expect(charged?.BilledCost).toBe('25.000000000000000000');
  });

  test('ids stay the same in every version of DuckDB that this pins', async () => {
    const { list } = await price();
    const [unassigned] = await rowsOf(list, 'costs', 'unassigned', 'x_RowId');
    expect(unassigned?.x_RowId).toMatchInlineSnapshot(`"efee9a3d5501bf9ced37c2be49d5acce-0"`);
  });

  test('does nothing for a token that nobody waits for', async () => {
    const before = (await world.lake.list(`runs/${run.runId}/lists/`)).length;
    world.tokens.answers.set('dead', { output: null });
    expect(await priceShard(world.world)({ ...taskOf(0), token: 'dead' })).toBe('dead');
    expect(await world.lake.list(`runs/${run.runId}/lists/`)).toHaveLength(before);
  });

  test('answers a shard without rows with an empty list', async () => {
    const { answer } = await work(7);
    expect(answer).toMatchObject({ output: { shard: 7, rows: 0 } });
  });

  test('lets the message come again when a shard holds an owner that the plan gives to another', async () => {
    await uploadShard([{ ...usual, x_Owner: 'cus_zzzzzzzzzzzz' }], run.runId, 1);
    await expect(work(1)).rejects.toThrow(/holds rows of cus_zzzzzzzzzzzz/);
  });

  test('tells of a newer delivery in the middle of its work, within a heartbeat, and its files count for nothing', async () => {
    const task = { ...taskOf(0), token: 'overtaken' };
    const newer = { deliverySeq: '02', deliveryId: DeliveryId.parse(`dlv_${'e'.repeat(40)}`) };
    const openDatabase: typeof openDuckdb = async (options) => {
      await world.periods.raiseWanted(INTEGRATION, PERIOD, newer);
      await expect.poll(() => world.tokens.answers.get(task.token), { timeout: 60_000 }).toBeDefined();
      return await openDuckdb(options);
    };
    expect(await priceShard({ ...world.world, openDatabase, heartbeatSeconds: 0.02 })(task)).toBe('dead');
    expect(world.tokens.answers.get(task.token)).toEqual({ error: 'Superseded', cause: 'a newer delivery is wanted' });
  });

  test('gives up where the lease has gone to another run', async () => {
    await world.periods.releaseLease(INTEGRATION, PERIOD, run.runId);
    const { outcome, answer } = await work();
    expect([outcome, answer]).toEqual(['refused', { error: 'Superseded', cause: 'the lease belongs to another run' }]);
  });
});

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  'map<string,string>': 'MAP(VARCHAR, VARCHAR)',
};
