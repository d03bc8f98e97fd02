import type { Access } from '../request-context.ts';
import type { Home } from './access-table.ts';

/** What Athena asks Glue for on behalf of who asked the query. */
export type GlueAction = 'GetDatabase' | 'GetTable' | 'CreateTable' | 'DeleteTable';

/**
 * An action on a table needs the right to it on the table, on its database and on the catalog.
 *
 * @see https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html#data-catalog-resource-arns
 */
export function glueAccesses(
  { region, accountId }: Home,
  action: GlueAction,
  database: string,
  table?: string,
): readonly Access[] {
  const paths = ['catalog', `database/${database}`, ...(table === undefined ? [] : [`table/${database}/${table}`])];
  return paths.map((path) => ({ action: `glue:${action}`, resource: `arn:aws:glue:${region}:${accountId}:${path}` }));
}
