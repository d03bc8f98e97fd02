import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DuckDBInstance } from '@duckdb/node-api';
import { ZodError } from 'zod';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import { type AuthorizeCall, anybody } from '../iam/authorize-call.ts';
import { signedBy } from '../iam/signed-by.ts';
import type { Objects } from '../s3/objects.ts';
import { type StandIn, serve } from '../stand-in.ts';
import { AthenaProblem } from './athena-problem.ts';
import { type RightsOf, unchecked } from './caller-rights.ts';
import { openDuckDbEngine } from './duckdb-engine.ts';
import { GlueCatalog } from './glue-catalog.ts';
import type { GlueTable } from './glue-table.ts';
import { athenaOperations, type Operation } from './operations.ts';
import { SelectParser } from './parsed-select.ts';
import { QueryExecutions } from './query-executions.ts';
import { QueryRecords } from './query-record.ts';
import type { OpenEngine } from './statement-engine.ts';
import type { AthenaWorkGroup } from './work-group.ts';

export interface AthenaOptions {
  readonly objects: Objects;
  /** The template's tables; `glueTableOf` makes one of a resource's properties. */
  readonly tables: readonly GlueTable[];
  /** Databases besides those of the tables. */
  readonly databases?: readonly string[];
  /** Work groups; a query for any other name is refused. `primary` without an output location is always there. */
  readonly workGroups?: readonly AthenaWorkGroup[];
  /** Taken as by every stand-in; nothing Athena answers here shows it. */
  readonly region?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Keeps queries, the tables they make, and files on their way; nothing outlives the process when absent. */
  readonly folder?: string;
  /** DuckDB's limit for each running query; 2GB when absent. */
  readonly memoryLimit?: string;
  /** Threads of each running query; 2 when absent. */
  readonly threads?: number;
  /** What runs the statements; DuckDB when absent. */
  readonly openEngine?: OpenEngine;
  /** Queries that run at once, the others are QUEUED; 2 when absent. */
  readonly concurrency?: number;
  /** The clock of `NOW` in a projected range. */
  readonly now?: () => Date;
  /** Asked before each call, with a way to the work group of a query by its id; everybody may when it is absent. */
  readonly authorize?: (groupOfQuery: (id: string) => string | undefined) => AuthorizeCall;
  /** What Athena may touch on behalf of who asks a query; everything when it is absent. */
  readonly rightsOf?: RightsOf;
}

/** Athena on this machine: the SDK finds it through `AWS_ENDPOINT_URL_ATHENA`. */
export interface AthenaStandIn extends StandIn {
  /** The catalogue with the tables that statements made. */
  readonly catalog: GlueCatalog;
}

function problemOf(error: unknown): AthenaProblem | undefined {
  if (error instanceof AthenaProblem) return error;
  if (error instanceof AccessDenied) return new AthenaProblem(error.message, 'AccessDeniedException');
  if (error instanceof UnknownCaller) return new AthenaProblem(error.message, 'UnrecognizedClientException');
  if (!(error instanceof ZodError)) return undefined;
  const [issue] = error.issues;
  return new AthenaProblem(`1 validation error detected: Value at '${issue?.path.join('.')}': ${issue?.message}`);
}

/** Amazon's JSON 1.1: the operation in a header, the body's JSON in and out, an error's name in `__type`. */
function listener(operations: Readonly<Record<string, Operation>>, authorize: AuthorizeCall) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() });
      response.end(JSON.stringify(body));
    };
    try {
      const body = await text(request);
      const [service, name = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
      const operation = service === 'AmazonAthena' && Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw new AthenaProblem(`not played here: ${service}.${name}`, 'UnknownOperationException');
      const input: unknown = JSON.parse(body || '{}');
      answer(200, await operation(input, authorize(signedBy(request.headers), name, input)));
    } catch (error) {
      const problem = problemOf(error);
      if (!problem) console.error(error);
      answer(problem ? 400 : 500, {
        __type: problem?.code ?? 'InternalServerException',
        Message: problem?.message ?? 'The stand-in failed; see its output.',
        ...(problem && { AthenaErrorCode: problem.athenaErrorCode }),
      });
    }
  };
}

/**
 * Plays Athena over the objects of the S3 stand-in: DuckDB runs the statements, tables are what the Glue tables say,
 * results and unloaded files are written as objects.
 */
export async function startAthena(options: AthenaOptions): Promise<AthenaStandIn> {
  const { objects, tables, databases = [], workGroups = [], folder, threads = 2, concurrency = 2 } = options;
  if (folder) mkdirSync(folder, { recursive: true });
  const { rightsOf = unchecked(objects), authorize = () => anybody } = options;
  const scratch = mkdtempSync(join(folder ?? tmpdir(), 'athena-'));
  const catalog = new GlueCatalog(tables, databases, folder && join(folder, 'tables.json'));
  const parserInstance = await DuckDBInstance.create(':memory:', { threads: '1', enable_external_access: 'false' });
  const executions = new QueryExecutions(
    {
      rightsOf,
      catalog,
      parser: new SelectParser(await parserInstance.connect()),
      folder: scratch,
      openEngine: options.openEngine ?? openDuckDbEngine,
      memoryLimit: options.memoryLimit ?? '2GB',
      threads,
      now: options.now ?? (() => new Date()),
      onFile: () => {},
    },
    new QueryRecords(folder && join(folder, 'queries')),
    concurrency,
  );
  const groups = workGroups.some(({ name }) => name === 'primary') ? workGroups : [...workGroups, { name: 'primary' }];
  const operations = athenaOperations({ executions, workGroups: groups, rightsOf });
  const gated = authorize((id) => executions.find(id)?.request.workGroup);
  const server = await serve(listener(operations, gated), options.port);
  return {
    endpoint: server.endpoint,
    catalog,
    close: async () => {
      await server.close();
      await executions.close();
      parserInstance.closeSync();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
