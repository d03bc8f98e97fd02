import type { DuckDBConnection } from '@duckdb/node-api';
import { refuseForeignSql } from './foreign-sql.ts';
import { outputNames } from './output-names.ts';
import { QueryFailure } from './query-failure.ts';
import { columnNamesOf, isTree, type SqlTree, textOf, treesOf } from './sql-tree.ts';
import { type TableReference, tableReferences } from './table-reference.ts';

/** What must be known of a SELECT before its tables' files can be found. */
export interface ParsedSelect {
  readonly tables: readonly TableReference[];
  /** The result columns' names for a count of columns: Trino's `_col1` where DuckDB would show the expression. */
  readonly outputNames: (engineNames: readonly string[]) => readonly string[];
  /** Asks for `"$path"`, the hidden column with a row's file. */
  readonly usesPath: boolean;
}

const usesPath = (node: unknown): boolean => {
  if (Array.isArray(node)) return node.some(usesPath);
  if (!isTree(node)) return false;
  return columnNamesOf(node)?.at(-1) === '$path' || Object.values(node).some(usesPath);
};

/** `line 2:7`, counted in characters as Trino does, from a byte offset. */
export function placeIn(sql: string, offset: number): string {
  const before = Buffer.from(sql).subarray(0, offset).toString().split('\n');
  return `line ${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Reads SELECT statements with DuckDB's own parser, which knows no table here and runs nothing. */
export class SelectParser {
  readonly #connection: DuckDBConnection;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** @throws QueryFailure SYNTAX_ERROR; FUNCTION_NOT_FOUND for a function Trino does not have. */
  async parse(sql: string): Promise<ParsedSelect> {
    const tree = await this.#serialized(sql);
    refuseForeignSql(tree, (offset) => placeIn(sql, offset));
    return { tables: tableReferences(tree), outputNames: outputNames(tree), usesPath: usesPath(tree) };
  }

  async #serialized(sql: string): Promise<SqlTree> {
    const reader = await this.#connection.runAndReadAll(
      'SELECT json_serialize_sql($1::VARCHAR, skip_null := true, skip_empty := true, skip_default := true)',
      [sql],
    );
    const answer: unknown = JSON.parse(textOf(reader.getRows()[0]?.[0]) || 'null');
    if (!isTree(answer)) throw new QueryFailure('SYNTAX_ERROR', 'not a statement');
    if (answer.error === true) {
      const place = answer.position === undefined ? '' : `${placeIn(sql, Number(answer.position))}: `;
      throw new QueryFailure('SYNTAX_ERROR', `${place}${textOf(answer.error_message)}`);
    }
    const [statement, ...others] = treesOf(answer.statements);
    if (!isTree(statement?.node) || others.length > 0)
      throw new QueryFailure('SYNTAX_ERROR', 'one statement at a time');
    return statement.node;
  }
}
