import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ServiceError } from '../../infra/local/step-functions/service-error.ts';
import { StateError } from '../../infra/local/step-functions/state-error.ts';
import { dynamoDbAdditionsStore } from '../../lib/adapters/dynamodb/additions-store.ts';
import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { dynamoDbSubAccountRegistry } from '../../lib/adapters/dynamodb/registry/sub-account-registry.ts';
import { dynamoDbDeliveryStore } from '../../lib/adapters/dynamodb/runs/delivery-store.ts';
import { dynamoDbPeriodStore } from '../../lib/adapters/dynamodb/runs/period-store.ts';
import { dynamoDbRunStore } from '../../lib/adapters/dynamodb/runs/run-store.ts';
import { sqsAsks, sqsOperatorAsks } from '../../lib/adapters/sqs/sqs-asks.ts';
import type { OpenDatabase } from '../../lib/ports/database.ts';
import type { Executions, TaskTokens } from '../../lib/ports/executions.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import type { ObjectSweep } from '../../lib/ports/object-sweep.ts';
import type { QueryEngine } from '../../lib/ports/query-engine.ts';
import type { Invocation } from './invocation.ts';
import type { Machines } from './machines.ts';
import type { MemoryBucket } from './memory-bucket.ts';
import { type Command, MemoryTables } from './memory-table.ts';

/** The outside of all functions, before faults. */
export interface Outside {
  readonly tables: MemoryTables;
  readonly registryTable: string;
  readonly runsTable: string;
  readonly auditTable: string;
  readonly landing: MemoryBucket;
  readonly lake: MemoryBucket;
  readonly machines: Machines;
  readonly machineArns: Readonly<Record<Parameters<Executions['start']>[0], string>>;
  readonly engine: QueryEngine;
  readonly openDatabase: OpenDatabase;
  readonly now: () => number;
  readonly queueUrls: Readonly<Record<'intakeQueueUrl' | 'additionsQueueUrl' | 'listsQueueUrl', string>>;
  readonly send: (queueUrl: string, body: string) => void;
  /** Wraps what one function has of a bucket: how a bug is planted, or a worker made to lie. */
  readonly lakeOf: (store: ObjectStore, invocation: Invocation) => ObjectStore;
}

/** Everything that a step reaches outside, each call under the invocation's faults. */
export type Ports = ReturnType<typeof portsOf>;

/** The ports of one invocation: the deployed adapters over tables and queues in memory, the rest played directly. */
export function portsOf(outside: Outside, invocation: Invocation) {
  const client = tableClient(outside.tables, invocation);
  const runs = { client, tableName: outside.runsTable };
  const registry = { client, tableName: outside.registryTable };
  const queues = queueClient(outside, invocation);
  return {
    periods: dynamoDbPeriodStore(runs),
    runs: dynamoDbRunStore(runs),
    deliveries: dynamoDbDeliveryStore(runs),
    additions: dynamoDbAdditionsStore(runs),
    config: dynamoDbPartnerConfigReader(registry),
    subAccounts: dynamoDbSubAccountRegistry(registry),
    registry,
    runsTable: runs,
    auditTable: { client, tableName: outside.auditTable },
    landing: storeOf(outside.landing.store(), invocation),
    lake: storeOf(outside.lakeOf(outside.lake.store(), invocation), invocation),
    sweep: sweepOf(outside.lake, invocation),
    asks: sqsAsks(queues, outside.queueUrls),
    operatorAsks: sqsOperatorAsks(queues, outside.queueUrls),
    executions: executionsOf(outside, invocation),
    tokens: tokensOf(outside, invocation),
    engine: engineOf(outside.engine, invocation),
    openDatabase: outside.openDatabase,
    freshUuid: () => invocation.freshUuid(),
    clock: { now: () => new Date(outside.now()) },
  };
}

/** The one cast: our adapters use `send` of a client and nothing else. */
function tableClient(tables: MemoryTables, invocation: Invocation): DynamoDBDocumentClient {
  const send = (command: Command) =>
    invocation.call({
      service: 'dynamodb',
      label: `${command.constructor.name.replace('Command', '')} ${keyIn(command.input)}`,
      isWrite: MemoryTables.isWrite(command),
      act: async () => tables.answer(command),
    });
  return { send } as unknown as DynamoDBDocumentClient;
}

function keyIn(input: object): string {
  const found = /"pk":"([^"]*)"|":(?:pk|key)":"([^"]*)"/.exec(JSON.stringify(input));
  return found?.[1] ?? found?.[2] ?? '';
}

function queueClient({ send }: Outside, invocation: Invocation): SQSClient {
  const sendCommand = (command: { readonly input: { readonly QueueUrl?: string; readonly MessageBody?: string } }) => {
    const { QueueUrl = '', MessageBody = '' } = command.input;
    return invocation.call({
      service: 'sqs',
      label: `send ${MessageBody}`,
      isWrite: true,
      act: async () => send(QueueUrl, MessageBody),
    });
  };
  return { send: sendCommand } as unknown as SQSClient;
}

function storeOf(store: ObjectStore, invocation: Invocation): ObjectStore {
  const call = <Result>(label: string, isWrite: boolean, act: () => Promise<Result>) =>
    invocation.call({ service: 's3', label: `${label} in ${store.bucket}`, isWrite, act });
  return {
    bucket: store.bucket,
    head: (key, version) => call(`head ${key}`, false, () => store.head(key, version)),
    readText: (key, version) => call(`read ${key}`, false, () => store.readText(key, version)),
    download: (key, path, version) => call(`download ${key}`, false, () => store.download(key, path, version)),
    upload: (key, path) => call(`upload ${key}`, true, () => store.upload(key, path)),
    writeText: (key, text, condition) => call(`write ${key}`, true, () => store.writeText(key, text, condition)),
    delete: (key, ifMatch) => call(`delete ${key}`, true, () => store.delete(key, ifMatch)),
    list: (prefix) => call(`list ${prefix}`, false, () => store.list(prefix)),
  };
}

/** Few enough that a sweep of a small lake takes several. */
const OBJECTS_PER_PAGE = 40;

function sweepOf(bucket: MemoryBucket, invocation: Invocation): ObjectSweep {
  const store = bucket.store();
  const page = (prefix: string, after: string) =>
    invocation.call({
      service: 's3',
      label: `page of ${prefix} after ${after}`,
      isWrite: false,
      act: async () => (await store.list(prefix)).filter(({ key }) => key > after).slice(0, OBJECTS_PER_PAGE),
    });
  return {
    async *pages(prefix) {
      for (let objects = await page(prefix, ''); objects.length > 0; ) {
        yield objects;
        objects = await page(prefix, objects.at(-1)?.key ?? '');
      }
    },
    deleteAll: async (keys) => {
      if (keys.length === 0) return;
      await invocation.call({
        service: 's3',
        label: `delete ${keys.length} from ${keys[0]}`,
        isWrite: true,
        act: async () => {
          for (const key of keys) bucket.remove(key);
        },
      });
    },
  };
}

function executionsOf({ machines, machineArns }: Outside, invocation: Invocation): Executions {
  return {
    start: (machine, name, input) =>
      invocation.call({
        service: 'step functions',
        label: `start ${machine} ${name}`,
        isWrite: true,
        act: async () => machines.start(machineArns[machine], name, JSON.stringify(input)),
      }),
    status: (executionArn) =>
      invocation.call({
        service: 'step functions',
        label: `status ${executionArn}`,
        isWrite: false,
        act: async () => machines.records.get(executionArn)?.status,
      }),
  };
}

/** Labels name no token: tokens differ between replays. */
function tokensOf({ machines: { tokens } }: Outside, invocation: Invocation): TaskTokens {
  const call = (label: string, isWrite: boolean, act: () => void) =>
    invocation.call({
      service: 'step functions',
      label,
      isWrite,
      act: async () => {
        try {
          act();
          return true;
        } catch (error) {
          if (error instanceof ServiceError) return false;
          throw error;
        }
      },
    });
  return {
    heartbeat: (token) => call('heartbeat', false, () => tokens.heartbeat(token)),
    succeed: (token, output) => call('answer success', true, () => tokens.succeed(token, JSON.stringify(output))),
    fail: (token, error, cause) => call('answer failure', true, () => tokens.fail(token, new StateError(error, cause))),
  };
}

function engineOf(engine: QueryEngine, invocation: Invocation): QueryEngine {
  return {
    run: (statement, options) =>
      invocation.call({
        service: 'athena',
        label: `run ${statement.slice(0, 80)}`,
        isWrite: true,
        act: () => engine.run(statement, options),
      }),
    rows: (id) =>
      invocation.call({ service: 'athena', label: `rows ${id}`, isWrite: false, act: () => engine.rows(id) }),
  };
}
