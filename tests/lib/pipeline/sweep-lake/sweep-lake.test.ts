import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { sweptPlaceOf } from '../../../../lib/pipeline/sweep-lake/swept-place.ts';
import { type Fate, LakeInUse, MARCH } from './lake-in-use.ts';

const ACME = 'acme';
const INTEGRATIONS = [ACME, 'contoso'];

/** Deletes until nothing is left to delete. */
async function sweepAll(lake: LakeInUse): Promise<void> {
  for (let deleted = 1; deleted > 0; ) deleted = await lake.sweep();
}

/** What is in the lake of what it may delete. */
const swept = (lake: LakeInUse) => lake.bucket.keys.filter((key) => sweptPlaceOf(key) !== undefined);

describe('the sweeper', () => {
  test('leaves everything of the published run and of the three before it, and takes what is older', async () => {
    const lake = new LakeInUse();
    const runs = [];
    for (let n = 0; n < 6; n += 1) {
      await lake.deliver(ACME);
      runs.push((await lake.run(ACME, 'published')) ?? '');
    }
    lake.passes(23);
    expect(await lake.sweep()).toBe(0);
    lake.passes(2);
    await sweepAll(lake);
    expect(runs.map((run) => lake.bucket.bytes(LAKE.publication(run)) !== undefined)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(swept(lake)).toEqual([...(await lake.inUse())].sort());
    expect(runs.every((run) => lake.bucket.bytes(LAKE.summary(run)) !== undefined)).toBe(true);
  });

  test('leaves a run that is long over its day while it works, whatever it has written', async () => {
    const lake = new LakeInUse();
    await lake.deliver(ACME);
    const run = await lake.run(ACME, 'at work');
    lake.passes(72);
    const before = lake.bucket.keys;
    await lake.sweep();
    expect(lake.bucket.keys).toEqual(before.filter((key) => !key.includes('dead') && !/batches|answers/.test(key)));
    if (run) await lake.end(run, 'published');
    expect([...(await lake.inUse())].filter((key) => lake.bucket.bytes(key) === undefined)).toEqual([]);
  });

  test('leaves what readers of yesterday may be at, though nothing leads back to it', async () => {
    const lake = new LakeInUse();
    const [first, ...others] = [1, 2, 3, 4, 5];
    await lake.deliver(ACME);
    const run = (await lake.run(ACME, 'published')) ?? '';
    lake.passes(24 * 30 * (first ?? 1));
    for (const _ of others) {
      await lake.deliver(ACME);
      await lake.run(ACME, 'published');
    }
    const results = lake.filesOf.get(run)?.results ?? [];
    const isThere = () => results.every((key) => lake.bucket.bytes(key) !== undefined);
    lake.passes(23);
    await sweepAll(lake);
    expect(isThere()).toBe(true);
    lake.passes(2);
    await sweepAll(lake);
    expect(isThere()).toBe(false);
  });

  test('leaves what the lists still name, as long as they do not follow the pointer', async () => {
    const lake = new LakeInUse();
    await lake.deliver(ACME);
    const runs = [];
    for (let n = 0; n < 6; n += 1) runs.push((await lake.run(ACME, 'published')) ?? '');
    await lake.priceAdditions();
    const [listed = ''] = [...lake.pricings.keys()];
    await lake.priceAdditions(false);
    await lake.rollBack(ACME, 0, false);
    const old = [...(lake.pricings.get(listed) ?? []), ...(lake.filesOf.get(runs[0] ?? '')?.results ?? [])];
    const isThere = () => old.every((key) => lake.bucket.bytes(key) !== undefined);
    lake.passes(40 * 24);
    await lake.priceAdditions(false);
    await sweepAll(lake);
    expect(isThere()).toBe(true);
    await lake.rollBack(ACME, 0);
    await lake.priceAdditions();
    lake.passes(25);
    await sweepAll(lake);
    await lake.priceAdditions();
    lake.passes(25);
    await sweepAll(lake);
    expect(old.filter((key) => lake.bucket.bytes(key) !== undefined)).toEqual([]);
  });

  test('leaves the split of a run that is long gone while others are priced from it', async () => {
    const lake = new LakeInUse();
    await lake.deliver(ACME);
    const split = lake.filesOf.get((await lake.run(ACME, 'published')) ?? '')?.split ?? [];
    for (let edits = 0; edits < 6; edits += 1) {
      lake.passes(30);
      await lake.run(ACME, 'published');
      await sweepAll(lake);
    }
    expect(split.map((key) => lake.bucket.bytes(key) !== undefined)).toEqual([true]);
  });

  test('keeps a quarantined run for two weeks, as evidence', async () => {
    const lake = new LakeInUse();
    await lake.deliver(ACME);
    const run = (await lake.run(ACME, 'quarantined')) ?? '';
    const evidence = [LAKE.plan(run), LAKE.shardList(run, `${run}-a`), ...(lake.filesOf.get(run)?.results ?? [])];
    lake.passes(13 * 24);
    await sweepAll(lake);
    expect(evidence.filter((key) => lake.bucket.bytes(key) === undefined)).toEqual([]);
    lake.passes(2 * 24);
    await sweepAll(lake);
    expect(evidence.filter((key) => lake.bucket.bytes(key) !== undefined)).toEqual([]);
  });

  test('keeps what a held delivery would be priced from, and a delivery that is released while it looks', async () => {
    const lake = new LakeInUse();
    const held = await lake.deliver(ACME, 'Held');
    lake.passes(40 * 24);
    const find = lake.deliveries.find;
    lake.deliveries.find = async (id) => {
      lake.deliveries.find = find;
      await lake.release(held);
      return await find(id);
    };
    await lake.sweep();
    expect(lake.textsOf.get(held)?.accepted.map((key) => lake.bucket.bytes(key) !== undefined)).toEqual([true]);
    expect((await lake.periods.list())[0]?.wanted.deliveryId).toBe(held);
  });

  test('deletes nothing where a published run has lost its list of files', async () => {
    const lake = new LakeInUse();
    await lake.deliver(ACME);
    const run = (await lake.run(ACME, 'published')) ?? '';
    lake.bucket.remove(LAKE.publication(run));
    lake.passes(48);
    const before = lake.bucket.keys;
    await expect(lake.sweep()).rejects.toThrow(`${LAKE.publication(run)} is not in the lake`);
    expect(lake.bucket.keys).toEqual(before);
  });

  test('never deletes what anybody may read, and in the end all else, in any history, killed anywhere', async () => {
    const fates = fc.constantFrom<Fate>('published', 'published', 'published', 'failed', 'quarantined', 'at work');
    const integration = fc.constantFrom(...INTEGRATIONS);
    const command = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver' as const), integration }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('hold' as const), integration }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('release' as const), n: fc.nat(9) }) },
      { weight: 6, arbitrary: fc.record({ do: fc.constant('run' as const), integration, fate: fates }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), fate: fates }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('roll back' as const), integration, n: fc.nat(2) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('price additions' as const) }) },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(1, 7, 20, 25, 100, 400) }),
      },
      { weight: 5, arbitrary: fc.record({ do: fc.constant('sweep' as const), killedAfter: fc.option(fc.nat(12)) }) },
    );
    let deleted = 0;
    const history = fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 60 }), async (commands) => {
      const lake = new LakeInUse();
      const [held, atWork]: [Parameters<LakeInUse['release']>[0][], Parameters<LakeInUse['end']>[0][]] = [[], []];
      const endAll = async (fate: Fate) => {
        for (const run of atWork.splice(0)) await lake.end(run, fate === 'at work' ? 'published' : fate);
      };
      for (const step of commands) {
        if (step.do === 'deliver') await lake.deliver(step.integration);
        if (step.do === 'hold') held.push(await lake.deliver(step.integration, 'Held'));
        if (step.do === 'release' && held.length > 0)
          await lake.release(held[step.n % held.length] ?? (held[0] as never));
        if (step.do === 'run') {
          const run = await lake.run(step.integration, step.fate);
          if (run && step.fate === 'at work') atWork.push(run);
        }
        if (step.do === 'end') await endAll(step.fate);
        if (step.do === 'roll back') await lake.rollBack(step.integration, step.n);
        if (step.do === 'price additions') await lake.priceAdditions();
        if (step.do === 'pass') lake.passes(step.hours);
        if (step.do === 'sweep') deleted += await lake.sweep(step.killedAfter ?? undefined);
        const lost = [...(await lake.inUse())].filter((key) => lake.bucket.bytes(key) === undefined);
        expect(lost, step.do).toEqual([]);
      }
      await endAll('failed');
      lake.passes(15 * 24);
      await sweepAll(lake);
      expect(swept(lake)).toEqual([...(await lake.inUse())].sort());
    });
    await fc.assert(history, { numRuns: 100, seed: 20250401 });
    expect(deleted).toBeGreaterThan(1000);
  }, 120_000);
});

test('every object of the lake has its place: swept, or one that readers, records or people come back to', () => {
  const customer = 'cus_contoso00000';
  const [run, delivery] = [`run_${'a'.repeat(40)}`, `dlv_${'b'.repeat(40)}`];
  const stays = [
    LAKE.frozenList(delivery),
    LAKE.delivery(delivery),
    LAKE.summary(run),
    LAKE.publishedList('customer_charges', customer, MARCH, 'acme'),
    LAKE.publishedList('costs', customer, MARCH, 'acme'),
    `${LAKE.athenaResults}query.csv`,
    `${LAKE.customerAthenaResults}query.csv`,
    'anything else',
    `runs/another/${run}/plan.json`,
  ];
  expect(stays.map(sweptPlaceOf)).toEqual(stays.map(() => undefined));
  expect(sweptPlaceOf(LAKE.chargesFile(customer, MARCH, 'u', 1))).toEqual({ of: 'attempt', uuid: 'u' });
  expect(sweptPlaceOf(LAKE.costsFile('unassigned', MARCH, 'u', 1))).toEqual({ of: 'attempt', uuid: 'u' });
  expect(sweptPlaceOf(LAKE.waterfallFile(customer, MARCH, 'u', 1))).toEqual({ of: 'attempt', uuid: 'u' });
  expect(sweptPlaceOf(LAKE.additionsSummary(MARCH, 'u'))).toEqual({ of: 'attempt', uuid: 'u' });
  const ofRun = [
    LAKE.deliveredList(run),
    LAKE.owners(run),
    LAKE.plan(run),
    LAKE.totals(run),
    LAKE.publication(run),
    LAKE.storedSplit(run),
    LAKE.shardList(run, 'u'),
  ];
  expect(ofRun.map(sweptPlaceOf)).toEqual(ofRun.map(() => ({ of: 'run', runId: run, split: undefined })));
  const split = `${LAKE.splitShardLocation(run, '0-0', 3)}part-0`;
  expect(sweptPlaceOf(split)).toEqual({ of: 'run', runId: run, split: '0-0' });
  expect(sweptPlaceOf(LAKE.convertedFile(delivery, 'u', 1))).toEqual({
    of: 'delivery',
    deliveryId: delivery,
    text: 'u',
  });
  expect(sweptPlaceOf(LAKE.batch(delivery, 1))).toEqual({ of: 'delivery', deliveryId: delivery, text: undefined });
  expect(sweptPlaceOf(LAKE.batchAnswer(delivery, 'u'))).toEqual({
    of: 'delivery',
    deliveryId: delivery,
    text: undefined,
  });
});
