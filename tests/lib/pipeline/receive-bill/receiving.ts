import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import { s3ObjectStore } from '../../../../lib/adapters/s3/s3-object-store.ts';
import { freshUuid } from '../../../../lib/adapters/system-clock.ts';
import type { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { IntegrationId } from '../../../../lib/domain/ids.ts';
import type { Integration } from '../../../../lib/domain/integration.ts';
import type { LandedObject } from '../../../../lib/domain/landed-object.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { convertFiles } from '../../../../lib/pipeline/receive-bill/convert-files.ts';
import { landedObjectOf, ObjectCreatedEvent } from '../../../../lib/pipeline/receive-bill/landed-object.ts';
import { type ReadManifestAnswer, readManifest } from '../../../../lib/pipeline/receive-bill/read-manifest.ts';
import {
  type RegisterDeliveryAnswer,
  registerDelivery,
} from '../../../../lib/pipeline/receive-bill/register-delivery.ts';
import { DeliveredBill, type SeenSubAccount } from '../../../../lib/sources/delivered-bill.ts';
import { memoryDeliveries, memoryPeriods, memoryTokens } from './memory-stores.ts';

const CLIENT = { region: 'eu-central-1', credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' } };

/** ReceiveBill's steps over the S3 stand-in, and what is outside of S3 in memory. */
export class Receiving<S3 extends Pick<S3StandIn, 'endpoint'> = S3StandIn> {
  readonly deliveries = memoryDeliveries();
  readonly periods = memoryPeriods();
  readonly tokens = memoryTokens();
  readonly seen: SeenSubAccount[] = [];
  readonly asked: [IntegrationId, BillingPeriod][] = [];
  readonly client: S3Client;
  readonly s3: S3;
  /** DuckDB's part of the worker's memory. */
  databaseMegabytes = 700;
  now = new Date();
  delivery: Integration['delivery'] = 'files';
  readonly #events: unknown[];
  #uuids = 0;

  constructor(s3: S3, events: unknown[]) {
    this.s3 = s3;
    this.#events = events;
    this.client = new S3Client({ ...CLIENT, endpoint: s3.endpoint, forcePathStyle: true });
  }

  /** Puts an object into the landing bucket and answers what its event says. */
  async land(key: string, body: string | Buffer): Promise<LandedObject> {
    await this.client.send(new PutObjectCommand({ Bucket: 'landing', Key: key, Body: body }));
    const object = landedObjectOf(ObjectCreatedEvent.parse(this.#events.at(-1)));
    if (object === undefined) throw new Error(`${key} lies in no integration's folder`);
    this.now = new Date(object.eventTime);
    return object;
  }

  get lake() {
    return s3ObjectStore(this.client, 'lake');
  }

  readManifest(object: LandedObject, known: readonly string[] = ['acme']): Promise<ReadManifestAnswer> {
    return readManifest({
      config: {
        findIntegration: async (id) => (known.includes(id) ? integration(id, this.delivery) : undefined),
      },
      deliveries: this.deliveries,
      landing: s3ObjectStore(this.client, 'landing'),
      lake: this.lake,
      clock: { now: () => this.now },
      manifestGraceSeconds: 5,
    })(object);
  }

  /** Does one batch; answers what the waiting task is told. */
  async convert(object: LandedObject, batch: number) {
    const token = `token ${this.#uuids++}`;
    await convertFiles({
      landing: s3ObjectStore(this.client, 'landing'),
      lake: this.lake,
      tokens: this.tokens,
      openDatabase: openDuckdb,
      freshUuid,
      memoryMegabytes: this.databaseMegabytes,
    })({ token, deliveryId: object.deliveryId, batch });
    return this.tokens.answers.get(token);
  }

  register(object: LandedObject, answers: readonly unknown[]): Promise<RegisterDeliveryAnswer> {
    return registerDelivery({
      lake: this.lake,
      deliveries: this.deliveries,
      periods: this.periods,
      subAccounts: {
        list: async () => ({ items: [] }),
        noteSeen: async (_, subAccounts) => {
          this.seen.push(...subAccounts);
        },
      },
      asks: {
        splitBill: async (integrationId, period) => {
          this.asked.push([integrationId, period]);
        },
      },
      clock: { now: () => this.now },
    })({ deliveryId: object.deliveryId, answers });
  }

  /** The whole walk. Throws what the worker answered its token with where a file is refused. */
  async receive(object: LandedObject): Promise<RegisterDeliveryAnswer> {
    const frozen = await this.readManifest(object);
    if (frozen.outcome !== 'ready') throw new Error(`ReadManifest answered ${frozen.outcome}`);
    const answers: unknown[] = [];
    for (const batch of frozen.batches) {
      const answer = await this.convert(object, batch);
      if (answer === undefined || 'error' in answer) throw new Refused(JSON.parse(answer?.cause ?? '{}'));
      answers.push(answer.output);
    }
    return await this.register(object, answers);
  }

  /** Puts a file and receives it as a delivery of its own. */
  async receiveFile(key: string, body: string | Buffer): Promise<DeliveredBill> {
    const object = await this.land(key, body);
    await this.receive(object);
    return await this.bill(object);
  }

  async bill({ deliveryId }: LandedObject): Promise<DeliveredBill> {
    const stored = await this.lake.readText(LAKE.delivery(deliveryId));
    return DeliveredBill.parse(JSON.parse(stored?.text ?? 'null'));
  }
}

/** The problem that a worker answered with. */
export class Refused extends Error {
  readonly problem: unknown;
  constructor(problem: unknown) {
    super(JSON.stringify(problem));
    this.problem = problem;
  }
}

/** Starts S3 for the tests of one file; each call of what it answers begins with empty stores. */
export function receivingBills(): () => Receiving {
  const events: unknown[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'receiving-'));
  let s3: S3StandIn;
  beforeAll(async () => {
    s3 = await startS3({ folder, onObjectCreated: (event) => void events.push(event) });
    s3.ensureBucket('landing', { versioned: true, eventBridge: true });
    s3.ensureBucket('lake');
  });
  afterAll(async () => {
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => new Receiving(s3, events);
}

function integration(id: string, delivery: Integration['delivery']): Integration {
  return {
    id: IntegrationId.parse(id),
    name: id,
    format: 'focus',
    delivery,
    createdAt: '2025-01-01T00:00:00Z',
    version: 1,
  };
}
