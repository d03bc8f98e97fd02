import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Principal } from '../iam/principal.ts';
import { QueryOutcome } from './query-outcome.ts';

/** What a caller asks for, after the work group has had its say. */
export const QueryRequest = z
  .object({
    query: z.string(),
    /** The database of names without one. */
    database: z.string(),
    catalog: z.string(),
    workGroup: z.string(),
    /** `s3://bucket/prefix/` for the result. */
    outputLocation: z.string(),
    executionParameters: z.array(z.string()).readonly(),
    /** Who asked: Athena reads and writes with its rights. */
    caller: Principal.default({ kind: 'administrator' }),
  })
  .readonly();
export type QueryRequest = z.infer<typeof QueryRequest>;

/** Everything that is known of a query. Times are milliseconds since 1970. */
export const QueryRecord = z
  .object({
    id: z.string(),
    /** ClientRequestToken. */
    token: z.string().optional(),
    request: QueryRequest,
    state: z.enum(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']),
    submittedAt: z.number(),
    startedAt: z.number().optional(),
    endedAt: z.number().optional(),
    failure: z.object({ code: z.string(), message: z.string() }).readonly().optional(),
    /** Present once it has succeeded. */
    outcome: QueryOutcome.optional(),
  })
  .readonly();
export type QueryRecord = z.infer<typeof QueryRecord>;

/** A query just submitted. */
export function newQueryRecord(request: QueryRequest, token: string | undefined): QueryRecord {
  return { id: randomUUID(), token, request, state: 'QUEUED', submittedAt: Date.now() };
}

/** Queries outlive the process, as they do in AWS: who waits for one by its id or token finds it after a restart. */
export class QueryRecords {
  readonly #folder: string | undefined;

  /** @param folder one JSON file for each query; absent: nothing is kept. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
    if (folder) mkdirSync(folder, { recursive: true });
  }

  /** All that were saved, oldest first. */
  load(): readonly QueryRecord[] {
    const folder = this.#folder;
    if (!folder) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => QueryRecord.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
      .sort((a, b) => a.submittedAt - b.submittedAt);
  }

  save(record: QueryRecord): void {
    if (!this.#folder) return;
    const file = join(this.#folder, `${record.id}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
  }
}
