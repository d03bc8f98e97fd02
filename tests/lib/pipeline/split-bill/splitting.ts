import { AthenaClient } from '@aws-sdk/client-athena';
import { afterAll, beforeAll } from 'vitest';
import { type AthenaStandIn, startAthena } from '../../../../infra/local/athena/athena.ts';
import { athenaQueryEngine } from '../../../../lib/adapters/athena/athena-query-engine.ts';
import { openDuckdb } from '../../../../lib/adapters/duckdb/open-duckdb.ts';
import { dynamoDbAdditionsStore } from '../../../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbDeliveryStore } from '../../../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbPinStore } from '../../../../lib/adapters/dynamodb/runs/pin-store.ts';
import { dynamoDbRunStore } from '../../../../lib/adapters/dynamodb/runs/run-store.ts';
import { s3ObjectStore } from '../../../../lib/adapters/s3/s3-object-store.ts';
import { freshUuid } from '../../../../lib/adapters/system-clock.ts';
import { Assignment } from '../../../../lib/domain/assignment.ts';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { CustomerTenant } from '../../../../lib/domain/customer-tenant.ts';
import { IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import { DEFAULT_SETTINGS, type PartnerSettings } from '../../../../lib/domain/settings.ts';
import type { StoredRule } from '../../../../lib/domain/stored-rule.ts';
import type { Touched } from '../../../../lib/domain/touched.ts';
import { closeRun } from '../../../../lib/pipeline/split-bill/close-run.ts';
import { priceShard } from '../../../../lib/pipeline/split-bill/price-shard.ts';
import { ShardAnswer } from '../../../../lib/pipeline/split-bill/shard-list.ts';
import { type ShardTask, splitBill } from '../../../../lib/pipeline/split-bill/split-bill.ts';
import type { Executions } from '../../../../lib/ports/executions.ts';
import type { ObjectStore } from '../../../../lib/ports/object-store.ts';
import type { DeliveredBill } from '../../../../lib/sources/delivered-bill.ts';
import { type OpenTable, openTable } from '../../adapters/dynamodb/open-table.ts';
import { memoryTokens } from '../receive-bill/memory-stores.ts';
import { type Receiving, Refused, receivingBills } from '../receive-bill/receiving.ts';
import { lakeTables } from './lake-tables.ts';

const DATABASE = 'apportion';
export const PERIOD = BillingPeriod.parse('2025-03');
export const INTEGRATION = IntegrationId.parse('acme');

/** A customer's id by a letter, so that tests read well. */
export function customerId(letter: string): CustomerTenant['id'] {
  return customer(letter).id;
}

export function customer(letter: string): CustomerTenant {
  return CustomerTenant.parse({
    id: `cus_${letter.repeat(12)}`,
    name: `Customer ${letter.toUpperCase()}`,
    createdAt: '2025-01-01T00:00:00Z',
    version: 1,
  });
}

/** The lake outlives a test, so no two runs of a file have one id. */
let runsOfAll = 0;

/** SplitBill over the stand-ins: S3, Athena and DynamoDB as the SDK meets them; task tokens and executions in memory. */
export class Splitting {
  readonly receiving: Receiving;
  readonly periods;
  readonly pins;
  readonly runs;
  readonly deliveries;
  readonly additions;
  readonly engine;
  readonly landing: ObjectStore;
  lake: ObjectStore;
  readonly tokens = memoryTokens();
  readonly asked: string[] = [];
  readonly executionStatus = new Map<string, Awaited<ReturnType<Executions['status']>>>();
  customers = [customer('a'), customer('b')];
  assignments: Assignment[] = [];
  rules: readonly StoredRule[] = [];
  settings: Partial<PartnerSettings> = {};
  revision = 1;
  /** What the last changes touched, the newest last; of others nothing is known. */
  changes: Touched[] = [];
  now = new Date('2025-04-02T00:00:00Z');
  #tokens = 0;

  constructor(receiving: Receiving, table: OpenTable, engine: ReturnType<typeof athenaQueryEngine>) {
    this.receiving = receiving;
    this.periods = dynamoDbPeriodStore(table);
    this.pins = dynamoDbPinStore(table);
    this.runs = dynamoDbRunStore(table);
    this.deliveries = dynamoDbDeliveryStore(table);
    this.additions = dynamoDbAdditionsStore(table);
    this.engine = engine;
    this.landing = s3ObjectStore(receiving.client, 'landing');
    this.lake = receiving.lake;
  }

  /** Makes sub accounts a customer's (by letter), or the partner's. */
  assign(subAccountId: string, owner: string, from: string | null = null, to: string | null = null): void {
    const range = { owner: owner === 'partner' ? owner : customerId(owner), from, to };
    const known = this.assignments.find((assignment) => assignment.subAccountId === subAccountId);
    this.assignments = [
      ...this.assignments.filter((assignment) => assignment !== known),
      Assignment.parse({ subAccountId, provider: null, ranges: [...(known?.ranges ?? []), range], version: 1 }),
    ];
  }

  /** Receives a bill and raises what is wanted by it. */
  async deliver(key: string, body: string | Buffer): Promise<DeliveredBill> {
    const bill = await this.receiving.receiveFile(`acme/${key}`, body);
    for (const { period } of bill.periods) await this.periods.raiseWanted(bill.integrationId, period, bill);
    return bill;
  }

  get world() {
    const config = {
      read: async () => ({
        revision: this.revision,
        settings: { ...DEFAULT_SETTINGS, name: 'Acme Cloud', ...this.settings },
        customers: this.customers,
        assignments: this.assignments,
        rules: this.rules,
      }),
      revision: async () => this.revision,
      history: async () => ({
        revision: this.revision,
        changes: this.changes.map((touched) => ({ count: 1, touched })),
      }),
    };
    return {
      periods: this.periods,
      runs: this.runs,
      deliveries: this.deliveries,
      additions: this.additions,
      config,
      executions: { status: async (arn: string) => this.executionStatus.get(arn) },
      engine: this.engine,
      lake: this.lake,
      landing: this.landing,
      clock: { now: () => this.now },
      leaseSeconds: 900,
      tokens: this.tokens,
      openDatabase: openDuckdb,
      freshUuid,
      memoryMegabytes: 700,
      workerMemoryMegabytes: 700,
      asks: {
        splitBill: async (integration: string, period: string) =>
          void this.asked.push(`split ${integration} ${period}`),
        priceAdditions: async (period: string) => void this.asked.push(`additions ${period}`),
      },
      priceShard: (task: ShardTask) => this.priceShard(task),
    };
  }

  /** A worker, and what its token is answered with; a refusal is thrown. */
  async priceShard(task: ShardTask, change: Partial<Splitting['world']> = {}): Promise<ShardAnswer> {
    const token = `shard token ${this.#tokens++}`;
    await priceShard({ ...this.world, ...change })({ token, ...task });
    const answer = this.tokens.answers.get(token);
    if (answer === undefined || 'error' in answer) throw new Refused(JSON.parse(answer?.cause ?? '{}'));
    return ShardAnswer.parse(JSON.parse(JSON.stringify(answer.output)));
  }

  /** What a run is started with. */
  want(period: BillingPeriod = PERIOD) {
    runsOfAll += 1;
    const runId = RunId.parse(`run_${String(runsOfAll).padStart(40, '0')}`);
    const executionArn = `arn:execution:${runId}`;
    this.executionStatus.set(executionArn, 'RUNNING');
    return { runId, integrationId: INTEGRATION, period, executionArn };
  }

  /** The whole walk; the run's execution has ended afterwards, however it went. */
  async split(change: Partial<Splitting['world']> = {}, want = this.want()) {
    try {
      const outcome = await splitBill(want, { ...this.world, ...change });
      return { ...want, outcome };
    } finally {
      this.executionStatus.set(want.executionArn, 'FAILED');
    }
  }

  /** Walks until the shards are there, and answers the tasks that its workers would get. The run keeps its lease. */
  async splitUntilPriced(): Promise<readonly ShardTask[]> {
    const tasks: ShardTask[] = [];
    const stop = new Error('the shards are there');
    const waiting = async (task: ShardTask): Promise<ShardAnswer> => {
      tasks.push(task);
      throw stop;
    };
    await this.split({ priceShard: waiting }).catch((error: unknown) => {
      if (error !== stop) throw error;
    });
    return tasks;
  }

  close(input: unknown) {
    return closeRun(this.world)(input);
  }
}

/** Starts the stand-ins for the tests of one file; each call of what it answers begins with empty stores. */
export function splittingBills(): () => Promise<Splitting> {
  const receiving = receivingBills();
  const tables: OpenTable[] = [];
  let athena: AthenaStandIn;
  let client: AthenaClient;
  beforeAll(async () => {
    const { s3 } = receiving();
    athena = await startAthena({ objects: s3.objects, tables: lakeTables('lake', DATABASE) });
    client = new AthenaClient({
      endpoint: athena.endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'test' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await athena.close();
    for (const table of tables) await table.close();
  });
  return async () => {
    const table = await openTable('runs');
    tables.push(table);
    const options = {
      workGroup: 'primary',
      database: DATABASE,
      pollMilliseconds: 20,
      outputLocation: 's3://lake/athena/',
    };
    return new Splitting(receiving(), table, athenaQueryEngine(client, options));
  };
}
