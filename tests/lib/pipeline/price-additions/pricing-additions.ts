import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { startDynamoDb } from '../../../../infra/local/dynamodb/dynamodb.ts';
import { type S3StandIn, startS3 } from '../../../../infra/local/s3/s3.ts';
import type { StandIn } from '../../../../infra/local/stand-in.ts';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbAdditionsStore } from '../../../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbPeriodStore } from '../../../../lib/adapters/dynamodb/runs/period-store.ts';
import { s3ObjectStore } from '../../../../lib/adapters/s3/s3-object-store.ts';
import { freshUuid, systemClock } from '../../../../lib/adapters/system-clock.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { NO_HISTORY } from '../../../../lib/domain/config-history.ts';
import { CustomerTenant } from '../../../../lib/domain/customer-tenant.ts';
import { DeliveryId, IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import { DEFAULT_SETTINGS } from '../../../../lib/domain/settings.ts';
import { LAKE } from '../../../../lib/names/lake-keys.ts';
import { type PriceAdditionsWorld, priceAdditions } from '../../../../lib/pipeline/price-additions/price-additions.ts';
import type { PartnerConfig } from '../../../../lib/ports/partner-config.ts';
import { stored } from '../../rules/stored.ts';

const CLIENT = { region: 'eu-central-1', credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' } };
export const MARCH = BillingPeriod.parse('2025-03');
export const CUSTOMERS = [
  ['cus_contoso00000', 'Contoso'],
  ['cus_fabrikam0000', 'Fabrikam'],
].map(([id, name]) => CustomerTenant.parse({ id, name, createdAt: '2025-01-01T00:00:00Z', version: 1 }));

/** PriceAdditions over the stand-ins for DynamoDB and S3, with a configuration that a test changes at will. */
export class PricingAdditions {
  readonly s3: S3StandIn;
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** Holds the objects' files. */
  readonly folder: string;
  config: PartnerConfig = {
    revision: 1,
    settings: { ...DEFAULT_SETTINGS, name: 'Acme Cloud', currency: 'USD' },
    customers: CUSTOMERS,
    assignments: [],
    rules: [],
  };
  #runs = 0;

  constructor(folder: string, s3: S3StandIn, client: DynamoDBDocumentClient, tableName: string) {
    this.folder = folder;
    this.s3 = s3;
    this.client = client;
    this.tableName = tableName;
  }

  get lake() {
    return s3ObjectStore(new S3Client({ ...CLIENT, endpoint: this.s3.endpoint, forcePathStyle: true }), 'lake');
  }

  get additions() {
    return dynamoDbAdditionsStore(this);
  }

  /** The rules from now on, as a change of the configuration. */
  setRules(...rules: readonly Readonly<Record<string, unknown>>[]): void {
    this.config = { ...this.config, revision: this.config.revision + 1, rules: stored(...rules) };
  }

  /** Publishes a run with these billing currencies, as SplitBill would. */
  async publishRun(integration: string, currencies: readonly string[], period = MARCH): Promise<RunId> {
    const periods = dynamoDbPeriodStore(this);
    const integrationId = IntegrationId.parse(integration);
    this.#runs += 1;
    const digits = String(this.#runs).padStart(40, '0');
    const [runId, deliveryId] = [RunId.parse(`run_${digits}`), DeliveryId.parse(`dlv_${digits}`)];
    await this.lake.writeText(LAKE.summary(runId), JSON.stringify(currencies.map((currency) => ({ currency }))));
    const seq = { deliverySeq: digits, deliveryId };
    await periods.raiseWanted(integrationId, period, seq);
    const times = { now: '2025-04-01T00:00:00Z', expiresAt: '2025-04-01T01:00:00Z' };
    const taken = await periods.acquireLease(integrationId, period, { runId, executionArn: 'arn', ...times });
    if (taken === 'busy') throw new Error('the period is busy');
    const published = { ...seq, configRevision: 1, runId, publishedAt: '2025-04-01T00:00:00Z', owners: [] };
    await periods.publish(integrationId, period, taken.lease, published);
    await periods.releaseLease(integrationId, period, runId);
    return runId;
  }

  price(change: Partial<PriceAdditionsWorld> = {}) {
    const world: PriceAdditionsWorld = {
      periods: dynamoDbPeriodStore(this),
      config: { read: async () => this.config, history: async () => NO_HISTORY },
      additions: this.additions,
      lake: this.lake,
      openDatabase: openDuckdb,
      freshUuid,
      clock: systemClock,
      memoryMegabytes: 300,
      ...change,
    };
    return priceAdditions(world)({ ask: 'price-additions', period: MARCH });
  }

  /** Rows that a customer's published list names, through the list as Athena would read it. */
  async published(table: 'customer_charges' | 'waterfall', customerId: string) {
    const list = await this.lake.readText(LAKE.publishedList(table, customerId, MARCH, 'additions'));
    if (list === undefined) return undefined;
    const paths = list.text
      .trim()
      .split('\n')
      .map((line) => this.s3.objects.find('lake', line.replace('s3://lake/', ''))?.path ?? line);
    const database = await openDuckdb({ folder: this.folder, memoryMegabytes: 300, threads: 1 });
    try {
      return await database.rows(
        `SELECT * FROM read_parquet([${paths.map((path) => `'${path}'`).join(', ')}]) ORDER BY "x_RowId"`,
      );
    } finally {
      database.close();
    }
  }

  async summary() {
    const pointer = await this.additions.find(MARCH);
    const found = await this.lake.readText(LAKE.additionsSummary(MARCH, pointer?.uuid ?? ''));
    return JSON.parse(found?.text ?? 'null');
  }
}

/** Starts both stand-ins for the tests of one file; each call of what it answers begins with an empty table. */
export function pricingAdditions(): () => Promise<PricingAdditions> {
  const folder = mkdtempSync(join(tmpdir(), 'additions-'));
  let s3: S3StandIn;
  let dynamoDb: StandIn;
  let tables = 0;
  beforeAll(async () => {
    s3 = await startS3({ folder });
    s3.ensureBucket('lake', { versioned: true });
    dynamoDb = await startDynamoDb();
  });
  afterAll(async () => {
    await Promise.all([s3.close(), dynamoDb.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  return async () => {
    tables += 1;
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({ ...CLIENT, endpoint: dynamoDb.endpoint }), {
      marshallOptions: { removeUndefinedValues: true },
    });
    const keys = [
      { AttributeName: 'pk', KeyType: 'HASH' as const },
      { AttributeName: 'sk', KeyType: 'RANGE' as const },
    ];
    await client.send(
      new CreateTableCommand({
        TableName: `runs-${tables}`,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keys,
        AttributeDefinitions: keys.map(({ AttributeName }) => ({ AttributeName, AttributeType: 'S' })),
      }),
    );
    return new PricingAdditions(folder, s3, client, `runs-${tables}`);
  };
}
