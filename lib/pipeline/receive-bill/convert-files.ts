import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DeliveryId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import { ERROR_NAMES } from '../../names/error-names.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { FreshUuid } from '../../ports/clock.ts';
import type { OpenDatabase } from '../../ports/database.ts';
import type { TaskTokens } from '../../ports/executions.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { whileWorking } from '../while-working.ts';
import { inWorkFolder } from '../work-folder.ts';
import { convertBatch } from './convert-batch.ts';
import type { BatchAnswer, BatchReceipt } from './file-description.ts';
import { Batch } from './frozen-list.ts';

/** What a worker of ConvertFiles reaches outside. */
export interface ConvertFilesWorld {
  readonly landing: ObjectStore;
  readonly lake: ObjectStore;
  readonly tokens: TaskTokens;
  readonly openDatabase: OpenDatabase;
  readonly freshUuid: FreshUuid;
  readonly memoryMegabytes: number;
  readonly heartbeatSeconds?: number;
}

/** The task on the convert queue. */
const Task = z.object({ token: z.string(), deliveryId: DeliveryId, batch: z.int().nonnegative() });

/** A Lambda function of up to 3 GB has two processors. */
const THREADS = 2;

/**
 * Does one batch of a delivery and answers the waiting task: with where its descriptions lie, or, where a file can never
 * be part of a bill, with the Problem as a failure named `Quarantined`. Anything else thrown lets the message come again.
 */
export const convertFiles =
  (world: ConvertFilesWorld) =>
  async (message: unknown): Promise<'answered' | 'refused' | 'dead'> => {
    const { token, deliveryId, batch } = Task.parse(message);
    const { tokens, heartbeatSeconds } = world;
    const beat = { tokens, token, ...(heartbeatSeconds === undefined ? {} : { everySeconds: heartbeatSeconds }) };
    const result = await whileWorking(beat, () => orProblem(() => answerBatch(world, deliveryId, batch)));
    if (result === 'dead') return 'dead';
    if (result instanceof Problem) {
      const heard = await tokens.fail(token, ERROR_NAMES.quarantined, JSON.stringify(result.stored()));
      return heard ? 'refused' : 'dead';
    }
    return (await tokens.succeed(token, result)) ? 'answered' : 'dead';
  };

async function answerBatch(world: ConvertFilesWorld, deliveryId: DeliveryId, number: number): Promise<BatchReceipt> {
  const { landing, lake, openDatabase, memoryMegabytes } = world;
  const task = await lake.readText(LAKE.batch(deliveryId, number));
  if (task === undefined) throw new Error(`batch ${number} of ${deliveryId} is gone`);
  const batch = Batch.parse(JSON.parse(task.text));
  const uuid = world.freshUuid();
  const files = await inWorkFolder(async (folder) => {
    const database = await openDatabase({ folder, memoryMegabytes, threads: THREADS });
    try {
      return await convertBatch({ landing, lake, database, folder, uuid }, batch);
    } finally {
      database.close();
    }
  });
  const answer = JSON.stringify({ batch: number, files: [...files] } satisfies BatchAnswer);
  const answerKey = LAKE.batchAnswer(deliveryId, uuid);
  await lake.writeText(answerKey, answer);
  return { batch: number, answerKey, sha256: createHash('sha256').update(answer).digest('hex') };
}

async function orProblem<Result>(act: () => Promise<Result>): Promise<Result | Problem> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
