import { z } from 'zod';
import type { AccessesOf } from '../authorize-call.ts';
import { type AccessTable, accessesBy, type Home } from './access-table.ts';

const Asked = z.object({
  WorkGroup: z.string().default('primary'),
  QueryExecutionContext: z.object({ Catalog: z.string().optional() }).default({}),
});
const ById = z.object({ QueryExecutionId: z.string() });
const ByIds = z.object({ QueryExecutionIds: z.array(z.string()) });
const InGroup = z.object({ WorkGroup: z.string().default('primary') });

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
 *
 * @param groupOfQuery the work group of a query; undefined for an id that nobody has, which Athena refuses by itself.
 */
export function athenaAccesses(
  { region, accountId }: Home,
  groupOfQuery: (id: string) => string | undefined,
): AccessesOf {
  const arnOf = (path: string) => `arn:aws:athena:${region}:${accountId}:${path}`;
  const ofQueries = (action: string, ids: readonly string[]) =>
    [...new Set(ids.flatMap((id) => groupOfQuery(id) ?? []))].map((group) => ({
      action,
      resource: arnOf(`workgroup/${group}`),
    }));
  const byId = (action: string) => (body: unknown) => ofQueries(action, [ById.parse(body).QueryExecutionId]);
  const table: AccessTable = {
    BatchGetQueryExecution: (body) => ofQueries('athena:BatchGetQueryExecution', ByIds.parse(body).QueryExecutionIds),
    GetQueryExecution: byId('athena:GetQueryExecution'),
    GetQueryResults: byId('athena:GetQueryResults'),
    ListQueryExecutions: (body) => [
      { action: 'athena:ListQueryExecutions', resource: arnOf(`workgroup/${InGroup.parse(body).WorkGroup}`) },
    ],
    StartQueryExecution: (body) => {
      const { WorkGroup, QueryExecutionContext } = Asked.parse(body);
      const { Catalog } = QueryExecutionContext;
      return [
        { action: 'athena:StartQueryExecution', resource: arnOf(`workgroup/${WorkGroup}`) },
        ...(Catalog === undefined
          ? []
          : [{ action: 'athena:GetDataCatalog', resource: arnOf(`datacatalog/${Catalog}`) }]),
      ];
    },
    StopQueryExecution: byId('athena:StopQueryExecution'),
  };
  return accessesBy('Athena', table);
}
