import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AuthorizeCall, anybody } from '../iam/authorize-call.ts';
import { listen, type StandIn } from '../stand-in.ts';
import { DynaliteEngine } from './dynalite-engine.ts';
import { dynamoDbListener } from './dynamodb-listener.ts';
import { IdempotencyTokens } from './idempotency-tokens.ts';
import { operationsOf } from './operations.ts';
import { SharedLock } from './shared-lock.ts';
import { tableDescriber } from './table-description.ts';
import { SettingsByTable } from './table-settings.ts';
import { deleteExpired } from './time-to-live.ts';
import { transactionJournal } from './transaction-journal.ts';

export interface DynamoDbOptions {
  /** Keeps the tables from one start to the next; memory when absent. Only one process may use it at a time. */
  readonly folder?: string;
  readonly port?: number;
  readonly region?: string;
  readonly accountId?: string;
  readonly now?: () => Date;
  /** How often items past their time to live are looked for. */
  readonly sweepEverySeconds?: number;
  /** Asked before each signed call; everybody may when it is absent. */
  readonly authorize?: AuthorizeCall;
}

/** dynalite with transactions, time to live and the items of failed conditions. Streams are described, never fed. */
export interface DynamoDbStandIn extends StandIn {
  /** Deletes what is past its time to live now, instead of at the next round; returns how many items. */
  sweep(): Promise<number>;
}

/** @throws when the port is taken; a transaction that the last process left half done is undone first. */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDbStandIn> {
  const { folder, region = 'eu-central-1', accountId = '111122223333', now = () => new Date() } = options;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const fileOf = (name: string): string | undefined => (folder === undefined ? undefined : join(folder, name));
  const engine = new DynaliteEngine(fileOf('tables'));
  const settings = new SettingsByTable(fileOf('table-settings.json'));
  const journal = transactionJournal(fileOf('transaction.json'));
  await journal.recover(engine.call);
  const lock = new SharedLock();
  const operations = operationsOf({
    call: engine.call,
    lock,
    journal,
    settings,
    tokens: new IdempotencyTokens(now),
    describe: tableDescriber(region, accountId, settings),
    now,
  });
  engine.server.on('request', dynamoDbListener(engine, lock, operations, options.authorize ?? anybody));
  const standIn = await listen(engine.server, options.port);
  let isOpen = true;
  const sweep = async (): Promise<number> => {
    let deleted = 0;
    for (const [table, { timeToLive }] of settings.entries())
      if (timeToLive !== undefined && isOpen)
        deleted += await lock.shared(() => deleteExpired(table, timeToLive, now(), engine.call));
    return deleted;
  };
  const timer = setInterval(sweep, (options.sweepEverySeconds ?? 60) * 1000);
  timer.unref();
  return {
    endpoint: standIn.endpoint,
    sweep,
    async close() {
      isOpen = false;
      clearInterval(timer);
      await lock.exclusive(() => {
        engine.refuse();
        return standIn.close();
      });
    },
  };
}
