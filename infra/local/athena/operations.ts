import { z } from 'zod';
import { AccessDenied } from '../iam/access-denied.ts';
import type { Principal } from '../iam/principal.ts';
import { AthenaProblem } from './athena-problem.ts';
import type { CallerRights, RightsOf } from './caller-rights.ts';
import type { QueryExecutions } from './query-executions.ts';
import { queryResults } from './query-results.ts';
import { parseS3Uri } from './s3-uri.ts';
import { type AthenaWorkGroup, outputLocationOf } from './work-group.ts';

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html */
const QUERY_BYTES_MAX = 262_144;
const PAGE_MAX = 50;

const StartQueryExecution = z.object({
  QueryString: z.string().min(1),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  QueryExecutionContext: z.object({ Database: z.string().optional(), Catalog: z.string().optional() }).optional(),
  ResultConfiguration: z.object({ OutputLocation: z.string().optional() }).optional(),
  WorkGroup: z.string().default('primary'),
  ExecutionParameters: z.array(z.string()).default([]),
});
const ById = z.object({ QueryExecutionId: z.string().min(1) });
const BatchGet = z.object({ QueryExecutionIds: z.array(z.string()).min(1).max(PAGE_MAX) });
const GetQueryResults = ById.extend({
  MaxResults: z.number().int().min(1).max(1000).default(1000),
  NextToken: z.string().optional(),
});
const ListQueryExecutions = z.object({
  WorkGroup: z.string().default('primary'),
  MaxResults: z.number().int().min(0).max(PAGE_MAX).default(PAGE_MAX),
  NextToken: z.string().optional(),
});

export interface OperationsWorld {
  readonly executions: QueryExecutions;
  readonly workGroups: readonly AthenaWorkGroup[];
  readonly rightsOf: RightsOf;
}

/** What answers one operation: the call's JSON body and who made it in, the answer's body out. */
export type Operation = (input: unknown, caller: Principal) => Promise<unknown>;

function requireWorkGroup(groups: readonly AthenaWorkGroup[], name: string): AthenaWorkGroup {
  const group = groups.find((candidate) => candidate.name === name);
  if (!group) throw new AthenaProblem(`WorkGroup ${name} is not found.`);
  return group;
}

/** https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html (unable to verify/create output bucket) */
function requireOutputBucket(rights: CallerRights, outputLocation: string): void {
  const { bucket } = parseS3Uri(outputLocation);
  try {
    rights.requireBucketLocation(bucket);
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    throw new AthenaProblem(`Unable to verify/create output bucket ${bucket}: ${error.message}`);
  }
}

/** Athena's operations by name, as far as they are played. */
export function athenaOperations({
  executions,
  workGroups,
  rightsOf,
}: OperationsWorld): Readonly<Record<string, Operation>> {
  return {
    StartQueryExecution: async (input, caller) => {
      const call = StartQueryExecution.parse(input);
      if (Buffer.byteLength(call.QueryString) > QUERY_BYTES_MAX)
        throw new AthenaProblem(
          `1 validation error detected: Value at 'queryString' failed to satisfy constraint: Member must have length less than or equal to ${QUERY_BYTES_MAX}`,
        );
      const group = requireWorkGroup(workGroups, call.WorkGroup);
      const request = {
        query: call.QueryString,
        database: (call.QueryExecutionContext?.Database ?? 'default').toLowerCase(),
        catalog: (call.QueryExecutionContext?.Catalog ?? 'AwsDataCatalog').toLowerCase(),
        workGroup: group.name,
        outputLocation: outputLocationOf(group, call.ResultConfiguration?.OutputLocation),
        executionParameters: call.ExecutionParameters,
        caller,
      };
      requireOutputBucket(rightsOf(caller), request.outputLocation);
      return { QueryExecutionId: executions.start(request, call.ClientRequestToken).id };
    },
    GetQueryExecution: async (input) => ({
      QueryExecution: executions.require(ById.parse(input).QueryExecutionId).describe(),
    }),
    BatchGetQueryExecution: async (input) => {
      const found = BatchGet.parse(input).QueryExecutionIds.map((id) => ({ id, execution: executions.find(id) }));
      return {
        QueryExecutions: found.flatMap(({ execution }) => execution?.describe() ?? []),
        UnprocessedQueryExecutionIds: found
          .filter(({ execution }) => !execution)
          .map(({ id }) => ({
            QueryExecutionId: id,
            ErrorCode: 'INVALID_QUERY_EXECUTION_ID',
            ErrorMessage: `QueryExecution ${id} was not found`,
          })),
      };
    },
    StopQueryExecution: async (input) => {
      executions.require(ById.parse(input).QueryExecutionId).cancel();
      return {};
    },
    ListQueryExecutions: async (input) => {
      const call = ListQueryExecutions.parse(input);
      requireWorkGroup(workGroups, call.WorkGroup);
      const all = executions.list(call.WorkGroup).map(({ id }) => id);
      const start = call.NextToken === undefined ? 0 : all.indexOf(call.NextToken);
      if (start < 0) throw new AthenaProblem('invalid NextToken');
      const end = start + (call.MaxResults || PAGE_MAX);
      return { QueryExecutionIds: all.slice(start, end), ...(end < all.length && { NextToken: all[end] }) };
    },
    GetQueryResults: async (input, caller) => {
      const { QueryExecutionId, MaxResults, NextToken } = GetQueryResults.parse(input);
      const first = NextToken === undefined ? 0 : Number(NextToken);
      if (!Number.isSafeInteger(first) || first < 0) throw new AthenaProblem('invalid NextToken');
      return queryResults(executions.require(QueryExecutionId), rightsOf(caller).objects, { first, count: MaxResults });
    },
  };
}
