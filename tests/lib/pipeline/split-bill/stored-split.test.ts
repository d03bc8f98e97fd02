import { describe, expect, test } from 'vitest';
import { RunSummary } from '../../../../lib/contracts/runs/run-summary.ts';
import type { RunId } from '../../../../lib/domain/ids.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { Plan } from '../../../../lib/pipeline/split-bill/plan.ts';
import { StoredSplit } from '../../../../lib/pipeline/split-bill/stored-split.ts';
import type { QueryEngine } from '../../../../lib/ports/query-engine.ts';
import { stored } from '../../rules/stored.ts';
import { bill } from '../receive-bill/small-bill.ts';
import { INTEGRATION, PERIOD, type Splitting, splittingBills } from './splitting.ts';

const splitting = splittingBills();
const uplift = (percent: string) =>
  stored({ name: 'Uplift', type: 'rerate', base: 'billed_cost', offsetPercent: percent });

/** A bill of two customers and nobody, published under a rule of ten percent. */
async function publishedWorld(): Promise<{ world: Splitting; first: RunId }> {
  const world = await splitting();
  world.assign('111111111111', 'a');
  world.assign('222222222222', 'b');
  world.rules = uplift('10');
  await world.deliver(
    'march.csv',
    bill([
      { SubAccountId: '111111111111', BilledCost: '100', ChargePeriodStart: '2025-03-02T00:00:00Z' },
      { SubAccountId: '111111111111', BilledCost: '100', ChargePeriodStart: '2025-03-02T00:00:00Z' },
      { SubAccountId: '222222222222', BilledCost: '7', ChargePeriodStart: '2025-03-20T23:59:59Z' },
      { SubAccountId: '', BilledCost: '4', ChargePeriodStart: '2025-03-05T00:00:00Z' },
    ]),
  );
  const { runId } = await world.split();
  return { world, first: runId };
}

/** The next run, with the kinds of statements that the engine was given. */
async function nextRun(world: Splitting, change: Parameters<Splitting['split']>[0] = {}) {
  world.revision += 1;
  const statements: string[] = [];
  const engine: QueryEngine = {
    rows: (id) => world.engine.rows(id),
    run: (statement, options) => {
      statements.push(/^\w+/.exec(statement)?.[0] ?? '');
      return world.engine.run(statement, options);
    },
  };
  const { runId, outcome } = await world.split({ ...change, engine: engine as Splitting['engine'] });
  expect(outcome).toBe('published');
  return { runId, statements };
}

/** The shared savings plan of `pricing.md` §9: ten an hour, used by two customers, and what nobody used. */
function sharedPlan(): string {
  const names = ['SubAccountId', 'CommitmentDiscountStatus', 'EffectiveCost', 'ListCost', 'ContractedCost'];
  const more = {
    ...{ BillingCurrency: 'USD', BillingPeriodStart: '2025-03-01T00:00:00Z', ChargeCategory: 'Usage', BilledCost: '0' },
    ...{ ChargePeriodStart: '2025-03-10T00:00:00Z', ChargePeriodEnd: '2025-03-10T01:00:00Z' },
    ...{ CommitmentDiscountId: 'sp-1', ProviderName: 'AWS' },
  };
  const rows = ['111111111111,Used,6,9,9', '222222222222,Used,2.5,3.6,3.6', '333333333333,Unused,1.5,0,0'];
  const [header, cells] = [Object.keys(more).join(','), Object.values(more).join(',')];
  return [`${header},${names.join(',')}`, ...rows.map((row) => `${cells},${row}`)].join('\n');
}

async function summaryOf({ lake }: Splitting, runId: string) {
  return RunSummary.array().parse(JSON.parse((await lake.readText(LAKE.summary(runId)))?.text ?? 'null'));
}

async function splitOf({ lake }: Splitting, runId: string) {
  return StoredSplit.parse(JSON.parse((await lake.readText(LAKE.storedSplit(runId)))?.text ?? 'null'));
}

async function chargedBy(world: Splitting, runId: string) {
  const [usd] = await summaryOf(world, runId);
  return usd?.customers.map(({ charged }) => charged.BilledCost);
}

const ALL_STATEMENTS = ['CREATE', 'SELECT', 'UNLOAD'];

describe('A bill that is priced again', () => {
  test('under another rule starts from its split: Athena is asked for nothing, and the figures are those of a whole run', async () => {
    const { world, first } = await publishedWorld();
    world.rules = uplift('20');
    const again = await nextRun(world);
    expect(again.statements).toEqual([]);
    expect(await chargedBy(world, again.runId)).toEqual(['240', '8.4']);
    expect(await splitOf(world, again.runId)).toEqual(await splitOf(world, first));
    for (const { key } of (await splitOf(world, first)).files) await world.lake.delete(key);
    const whole = await nextRun(world);
    expect(whole.statements).toEqual(ALL_STATEMENTS);
    expect(await summaryOf(world, whole.runId)).toEqual(await summaryOf(world, again.runId));
  });

  test('twice starts from the same split again, whichever run wrote it', async () => {
    const { world } = await publishedWorld();
    await nextRun(world);
    world.rules = uplift('30');
    const third = await nextRun(world);
    expect(third.statements).toEqual([]);
    expect(await chargedBy(world, third.runId)).toEqual(['260', '9.1']);
  });

  test('under a policy that shares what is unused reads the other shards’ users from the split too', async () => {
    const world = await splitting();
    for (const [subAccount, owner] of [
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'partner'],
    ] as const)
      world.assign(subAccount.repeat(12), owner);
    await world.deliver('plan.csv', sharedPlan());
    const shards = { engine: world.engine, rowsPerShard: 1 };
    await world.split(shards);
    world.customers = world.customers.map((one) => ({ ...one, commitments: { policy: 'allocate' as const } }));
    const again = await nextRun(world, shards);
    expect(again.statements).toEqual([]);
    const plan = Plan.parse(JSON.parse((await world.lake.readText(LAKE.plan(again.runId)))?.text ?? 'null'));
    expect(plan.shards.length).toBeGreaterThan(1);
    // 1.5 unused among users of 6 and 2.5: 1.058823529412 and 0.441176470588.
    expect(await chargedBy(world, again.runId)).toEqual(['7.058823529412', '2.941176470588']);
    for (const { key } of (await splitOf(world, again.runId)).files) await world.lake.delete(key);
    const whole = await nextRun(world, shards);
    expect(whole.statements).toEqual(ALL_STATEMENTS);
    expect(await summaryOf(world, whole.runId)).toEqual(await summaryOf(world, again.runId));
  });

  test('to another owner is split anew', async () => {
    const { world } = await publishedWorld();
    world.assignments = [];
    world.assign('111111111111', 'b');
    const { runId, statements } = await nextRun(world);
    expect(statements).toEqual(ALL_STATEMENTS);
    expect(await chargedBy(world, runId)).toEqual(['0', '220']);
  });

  test('after a newer delivery is measured and split anew', async () => {
    const { world } = await publishedWorld();
    await world.deliver('march.csv', bill([{ SubAccountId: '111111111111', BilledCost: '1' }]));
    const { runId, statements } = await nextRun(world);
    expect(statements).toEqual(ALL_STATEMENTS);
    expect(await chargedBy(world, runId)).toEqual(['1.1', '0']);
  });

  test('whose split file is another one than its workers read is split anew', async () => {
    const { world, first } = await publishedWorld();
    const [file] = (await splitOf(world, first)).files;
    await world.lake.writeText(file?.key ?? '', 'not what it was');
    const { runId, statements } = await nextRun(world);
    expect(statements).toEqual(ALL_STATEMENTS);
    expect(await chargedBy(world, runId)).toEqual(['220', '7.7']);
    expect((await splitOf(world, runId)).runId).toBe(runId);
  });

  test('keeps the days of its charges with what is published', async () => {
    const { world } = await publishedWorld();
    const days = { first: '2025-03-02', last: '2025-03-20' };
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published?.days).toEqual(days);
    const { runId } = await nextRun(world);
    expect((await world.periods.find(INTEGRATION, PERIOD))?.published).toMatchObject({ runId, days });
    const plan = Plan.parse(JSON.parse((await world.lake.readText(LAKE.plan(runId)))?.text ?? 'null'));
    expect(plan.split?.runId).not.toBe(runId);
  });
});
