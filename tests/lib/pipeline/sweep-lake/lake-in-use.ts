import { dynamoDbAdditionsStore } from '../../../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbDeliveryStore } from '../../../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbPinStore } from '../../../../lib/adapters/dynamodb/runs/pin-store.ts';
import { dynamoDbRunStore } from '../../../../lib/adapters/dynamodb/runs/run-store.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import type { Delivery } from '../../../../lib/domain/delivery.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import { READERS_SECONDS, retiredWith } from '../../../../lib/domain/retired.ts';
import type { Run } from '../../../../lib/domain/run.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { sweepLake } from '../../../../lib/pipeline/sweep-lake/sweep-lake.ts';
import { MemoryBucket } from '../../../simulator/memory-bucket.ts';
import { openMemoryTable } from '../../../simulator/open-memory-table.ts';
import { memorySweep } from './memory-sweep.ts';

export const MARCH = BillingPeriod.parse('2025-03');
const HOUR = 3_600_000;
const OWNER = 'cus_contoso00000';

/** How far a run of the history goes by itself. */
export type Fate = 'published' | 'failed' | 'quarantined' | 'at work';

/** A run's files, written down by the history itself: what the sweeper is held against never asks the sweeper. */
interface RunFiles {
  readonly id: RunId;
  /** Files in the run's own folder, without split and figures. */
  readonly own: string[];
  readonly results: string[];
  readonly strays: string[];
  readonly split: string[];
}

/**
 * A lake and the records that refer into it, changed as the steps change them: real stores over tables in memory, files
 * of a few bytes, a clock that the test moves.
 */
export class LakeInUse {
  now = Date.UTC(2025, 3, 1);
  readonly bucket = new MemoryBucket('lake', () => this.now);
  readonly table = openMemoryTable('runs');
  readonly periods = dynamoDbPeriodStore(this.table);
  readonly pins = dynamoDbPinStore(this.table);
  readonly runs = dynamoDbRunStore(this.table);
  readonly deliveries = dynamoDbDeliveryStore(this.table);
  readonly additions = dynamoDbAdditionsStore(this.table);
  readonly filesOf = new Map<string, RunFiles>();
  readonly textsOf = new Map<string, { accepted: string[]; strays: string[] }>();
  readonly pricings = new Map<string, string[]>();
  #serial = 0;

  passes(hours: number): void {
    this.now += hours * HOUR;
  }

  get at(): string {
    return new Date(this.now).toISOString();
  }

  /** A delivery as received and registered, or held; one worker of ConvertFiles died over it. */
  async deliver(integration: string, status: Delivery['status'] = 'Registered'): Promise<DeliveryId> {
    const [digits, integrationId] = [this.#next(), IntegrationId.parse(integration)];
    const id = DeliveryId.parse(`dlv_${digits}`);
    const [accepted, strays] = [`text-${digits}`, `dead-${digits}`].map((uuid) => [
      LAKE.convertedFile(id, uuid, 0),
    ]) as [string[], string[]];
    this.textsOf.set(id, { accepted, strays: [...strays, LAKE.batch(id, 0), LAKE.batchAnswer(id, 'answer')] });
    const files = accepted.map((key) => ({
      ...{
        bucket: 'lake',
        key,
        etag: '"e"',
        sizeBytes: 1,
        sourceKey: 'bill.csv',
        sourceEtag: '"s"',
        sourceVersionId: null,
      },
      ...{ rows: 1, ofText: true },
    }));
    for (const key of [...accepted, ...(this.textsOf.get(id)?.strays ?? []), LAKE.frozenList(id)]) this.#put(key);
    const bill = {
      ...{
        deliveryId: id,
        integrationId,
        format: 'focus',
        key: 'bill.csv',
        bare: true,
        deliverySeq: digits,
        columns: [],
      },
      ...{ files, periods: [{ period: MARCH, rows: 1 }], currencies: ['USD'], subAccounts: [], contentHash: digits },
    };
    this.#put(LAKE.delivery(id), { ...bill, createdAt: this.at });
    await this.deliveries.add({
      ...{ id, integrationId, key: 'bill.csv', status, deliverySeq: digits, step: null, receivedAt: this.at },
      ...{ endedAt: this.at, periods: [MARCH], files: 1, rows: 1, reason: null },
    });
    if (status === 'Registered') await this.#want(id, integrationId, digits);
    return id;
  }

  /** What the partner's release of a held delivery does, in its order. */
  async release(id: DeliveryId): Promise<void> {
    const delivery = await this.deliveries.find(id);
    if (delivery?.status !== 'Held') return;
    await this.#want(id, delivery.integrationId, delivery.deliverySeq ?? '');
    await this.deliveries.update(id, { status: 'Registered' });
  }

  /** A run of what is wanted, as far as its fate; `at work` leaves it with its lease and without its publication. */
  async run(integration: string, fate: Fate): Promise<RunId | undefined> {
    const integrationId = IntegrationId.parse(integration);
    const before = await this.periods.find(integrationId, MARCH);
    if (before === undefined || before.lease !== null) return undefined;
    const id = RunId.parse(`run_${this.#next()}`);
    const { deliveryId } = before.wanted;
    await this.runs.add(this.#record(id, integrationId, deliveryId));
    const holder = { runId: id, executionArn: id, now: this.at, expiresAt: new Date(this.now + HOUR).toISOString() };
    if ((await this.periods.acquireLease(integrationId, MARCH, holder)) === 'busy') throw new Error('busy');
    this.#work(id, before.published?.deliveryId === deliveryId ? before.published.runId : undefined, deliveryId);
    if (fate !== 'at work') await this.end(id, fate);
    return id;
  }

  /** Brings a run at work to its end, however long it was at it; a lost lease makes it fail. */
  async end(id: RunId, fate: Exclude<Fate, 'at work'>): Promise<void> {
    const run = await this.runs.find(id);
    const files = this.filesOf.get(id);
    if (run?.status !== 'Running' || files === undefined || run.deliveryId === null) return;
    const { integrationId } = run;
    const state = await this.periods.find(integrationId, MARCH);
    let status: Run['status'] = fate === 'published' ? 'Superseded' : fate === 'failed' ? 'Failed' : 'Quarantined';
    if (fate === 'published') {
      const lists = [{ table: 'customer_charges', owner: OWNER, keys: files.results }];
      this.#put(LAKE.publication(id), { runId: id, integrationId, period: MARCH, lists });
      files.own.push(LAKE.publication(id));
      const deliverySeq = (await this.deliveries.find(run.deliveryId))?.deliverySeq ?? '';
      const pointer = {
        deliverySeq,
        deliveryId: run.deliveryId,
        configRevision: 1,
        runId: id,
        publishedAt: this.at,
        owners: [OWNER],
      };
      const moved = await this.periods.publish(integrationId, MARCH, { runId: id, fence: state?.fence ?? 0 }, pointer);
      if (moved !== 'fenced') status = 'Published';
    }
    await this.runs.update(id, { status, endedAt: this.at });
    await this.periods.releaseLease(integrationId, MARCH, id);
  }

  /** Back to the n-th of the runs that can be gone back to; unless `listed`, the lists have not followed yet. */
  async rollBack(integration: string, n: number, listed = true): Promise<void> {
    const integrationId = IntegrationId.parse(integration);
    const state = await this.periods.find(integrationId, MARCH);
    const to = state?.earlier?.[n % Math.max(1, state.earlier.length)];
    if (!state?.published || !to) return;
    await this.pins.rollBack(integrationId, MARCH, {
      from: state.published.runId,
      to: { ...to, publishedAt: this.at, owners: [OWNER] },
      pinned: { deliverySeq: state.wanted.deliverySeq, at: this.at },
    });
    await this.pins.unpin(integrationId, MARCH);
    if (listed) await this.periods.noteListsWritten(integrationId, MARCH, to.runId);
  }

  /** Additions of the month priced anew, once there is something to add to; a try before it died, and unless `listed` so did its worker over the lists. */
  async priceAdditions(listed = true): Promise<void> {
    if ((await this.periods.list()).every(({ published }) => published === null)) return;
    const before = await this.additions.find(MARCH);
    const uuid = `add-${this.#next()}`;
    const keysOf = (name: string) => [
      LAKE.chargesFile(OWNER, MARCH, name, 0),
      LAKE.waterfallFile(OWNER, MARCH, name, 0),
      LAKE.additionsSummary(MARCH, name),
    ];
    this.pricings.set(uuid, keysOf(uuid));
    for (const key of [...keysOf(uuid), ...keysOf(`dead-${uuid}`)]) this.#put(key);
    await this.additions.publish({
      ...{
        period: MARCH,
        number: (before?.number ?? 0) + 1,
        uuid,
        configRevision: 1,
        sources: [],
        publishedAt: this.at,
      },
      ...{ owners: [OWNER], ownersBefore: [], reason: null, listsOwed: !listed },
      retired: [...retiredWith(before, before ? [before.uuid] : [], this.at)],
    });
  }

  /** One pass, killed after so many objects. */
  async sweep(killedAfter = Number.POSITIVE_INFINITY): Promise<number> {
    let deleted = 0;
    const real = memorySweep(this.bucket);
    const deleteAll = async (keys: readonly string[]) => {
      for (const key of keys) {
        if (deleted >= killedAfter) throw new Error('killed');
        deleted += 1;
        await real.deleteAll([key]);
      }
    };
    const world = {
      ...this.#stores(),
      lake: this.bucket.store(),
      sweep: { ...real, deleteAll },
      keptSeconds: READERS_SECONDS,
    };
    await sweepLake({ ...world, clock: { now: () => new Date(this.now) } })().catch((error: Error) => {
      if (error.message !== 'killed') throw error;
    });
    return deleted;
  }

  /** Every object that somebody may read now. */
  async inUse(): Promise<Set<string>> {
    const used = new Set<string>();
    const since = new Date(this.now - READERS_SECONDS * 1000).toISOString();
    const add = (keys: readonly string[] = []) => {
      for (const key of keys) used.add(key);
    };
    const states = await this.periods.list();
    for (const { published, earlier = [], retired = [], lease, wanted } of states) {
      const shown = [...(published ? [published] : []), ...earlier];
      for (const runId of [...shown.map((run) => run.runId), ...(lease ? [lease.runId] : [])]) {
        const files = this.filesOf.get(runId);
        for (const part of [files?.own, files?.results, files?.split]) add(part);
      }
      if (lease) add(this.filesOf.get(lease.runId)?.strays);
      for (const { id, at } of retired) if (at > since) add(this.filesOf.get(id)?.results);
      for (const { deliveryId } of [wanted, ...shown]) add(this.textsOf.get(deliveryId)?.accepted);
    }
    for (const [id, { accepted }] of this.textsOf)
      if ((await this.deliveries.find(DeliveryId.parse(id)))?.status === 'Held') add(accepted);
    const pointer = await this.additions.find(MARCH);
    if (pointer) add(this.pricings.get(pointer.uuid));
    for (const { id, at } of pointer?.retired ?? []) if (at > since) add(this.pricings.get(id));
    return used;
  }

  #stores() {
    const { periods, runs, deliveries, additions } = this;
    return { periods, runs, deliveries, additions };
  }

  async #want(id: DeliveryId, integrationId: IntegrationId, deliverySeq: string): Promise<void> {
    await this.periods.raiseWanted(integrationId, MARCH, { deliverySeq, deliveryId: id });
  }

  /** Two workers answer for the shard, one dies over it; a repriced run reads the split of the one before. */
  #work(id: RunId, priced: RunId | undefined, deliveryId: string): void {
    const before = priced && this.bucket.bytes(LAKE.storedSplit(priced));
    const stored = before && JSON.parse(before.toString());
    const split: { runId: string; attempt: string } & Record<string, unknown> =
      stored?.deliveryId === deliveryId ? stored : { runId: id, attempt: '0-0', deliveryId, ownersHash: '', files: [] };
    const isOwn = split.runId === id;
    const splitKey = `${LAKE.splitShardLocation(split.runId, split.attempt, 0)}part.parquet`;
    const dead = `${LAKE.splitShardLocation(id, '1-0', 0)}part.parquet`;
    const own = [LAKE.owners(id), LAKE.plan(id), LAKE.totals(id), LAKE.storedSplit(id), LAKE.shardList(id, `${id}-a`)];
    const strayList = LAKE.shardList(id, `${id}-b`);
    const strays = [LAKE.costsFile(OWNER, MARCH, `${id}-b`, 0), LAKE.costsFile(OWNER, MARCH, `${id}-dead`, 0)];
    const results = [
      LAKE.chargesFile(OWNER, MARCH, `${id}-a`, 0),
      LAKE.waterfallFile(OWNER, MARCH, `${id}-a`, 1),
      LAKE.costsFile(OWNER, MARCH, `${id}-a`, 2),
    ];
    const planned = { runId: id, ...(isOwn ? {} : { split }) };
    for (const key of [...own, ...results, ...strays, strayList, LAKE.summary(id), ...(isOwn ? [splitKey, dead] : [])])
      this.#put(key, key === LAKE.storedSplit(id) ? split : key === LAKE.plan(id) ? planned : {});
    this.filesOf.set(id, { id, own: [...own, strayList], results, strays: strays.slice(0, 1), split: [splitKey] });
  }

  #put(key: string, content: unknown = {}): void {
    this.bucket.put(key, Buffer.from(JSON.stringify(content)));
  }

  #record(id: RunId, integrationId: IntegrationId, deliveryId: DeliveryId): Run {
    return {
      ...{
        id,
        integrationId,
        period: MARCH,
        status: 'Running',
        step: 'PriceShards',
        steps: {},
        deliveryId,
        configRevision: 1,
      },
      ...{ startedAt: this.at, endedAt: null, rowsDelivered: null, summaryKey: null, reason: null },
    };
  }

  #next(): string {
    this.#serial += 1;
    return String(this.#serial).padStart(40, '0');
  }
}
