import { QueryFailure } from './query-failure.ts';
import { isTree, type SqlTree, textOf, treesOf } from './sql-tree.ts';
import { TRINO_FUNCTIONS } from './trino-functions.ts';

/** What DuckDB's grammar has and Trino's has not, by what it leaves in the tree. */
function foreignPart(node: SqlTree): string | undefined {
  if (node.qualify !== undefined) return 'QUALIFY';
  if (node.aggregate_handling === 'FORCE_AGGREGATES') return 'GROUP BY ALL';
  if (
    node.class === 'STAR' &&
    ['exclude_list', 'replace_list', 'rename_list', 'columns', 'expr'].some((key) => key in node)
  )
    return '* with a choice of columns';
  if (node.type === 'SHOW_REF' || node.type === 'PIVOT') return String(node.type);
  if (node.class === 'COLLATE') return 'COLLATE';
  return undefined;
}

const WORDS_FOR: Readonly<Record<string, string>> = { '~~*': 'ILIKE', '!~~*': 'NOT ILIKE', regexp_full_match: '~' };

/**
 * Refuses what DuckDB would run and Athena would not.
 *
 * @param placeOf `line 1:8` of a byte offset.
 * @throws QueryFailure SYNTAX_ERROR or FUNCTION_NOT_FOUND
 */
export function refuseForeignSql(node: unknown, placeOf: (offset: number) => string): void {
  if (Array.isArray(node)) for (const child of node) refuseForeignSql(child, placeOf);
  if (!isTree(node)) return;
  const place = () => placeOf(Number(node.query_location ?? 0));
  const part = foreignPart(node);
  if (part) throw new QueryFailure('SYNTAX_ERROR', `${place()}: Trino has no ${part}`);
  const name = node.class === 'FUNCTION' || node.class === 'WINDOW' ? textOf(node.function_name) : '';
  if (name && !TRINO_FUNCTIONS.has(name.toLowerCase()))
    throw new QueryFailure(
      'FUNCTION_NOT_FOUND',
      `${place()}: Function '${WORDS_FOR[name] ?? name}' not registered (or not played by this stand-in)`,
    );
  if (node.type === 'TABLE_FUNCTION' && treesOf([node.function])[0]?.function_name !== 'unnest')
    throw new QueryFailure('SYNTAX_ERROR', `${place()}: table functions other than UNNEST are not registered`);
  for (const child of Object.values(node)) refuseForeignSql(child, placeOf);
}
