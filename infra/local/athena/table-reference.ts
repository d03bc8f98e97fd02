import { isTree, type SqlTree, textOf, treesOf } from './sql-tree.ts';

/** One mention of a table in a FROM clause. */
export interface TableReference {
  /** Lower-case, as are the others; absent where the statement leaves it to the context. */
  readonly database?: string;
  readonly name: string;
  /** What column references call it. */
  readonly alias: string;
  /** Conditions of the same SELECT that every row it contributes meets: WHERE, and ON where the join drops rows. */
  readonly conditions: readonly SqlTree[];
  /** Byte offset in the statement. */
  readonly offset: number;
}

/** The joins whose ON drops rows of that side; of the other side it only decides about matches. */
const LEFT_MEETS_ON = ['INNER', 'RIGHT', 'SEMI'];
const RIGHT_MEETS_ON = ['INNER', 'LEFT', 'SEMI'];

function leaves(from: unknown, conditions: readonly SqlTree[], ctes: ReadonlySet<string>): TableReference[] {
  if (!isTree(from)) return [];
  if (from.type === 'JOIN') {
    const on = treesOf([from.condition]);
    const meets = (joins: readonly string[]) =>
      joins.includes(textOf(from.join_type)) ? [...conditions, ...on] : conditions;
    return [...leaves(from.left, meets(LEFT_MEETS_ON), ctes), ...leaves(from.right, meets(RIGHT_MEETS_ON), ctes)];
  }
  if (from.type !== 'BASE_TABLE') return [];
  const name = textOf(from.table_name).toLowerCase();
  const database = textOf(from.schema_name).toLowerCase();
  if (!database && ctes.has(name)) return [];
  const alias = (textOf(from.alias) || name).toLowerCase();
  const offset = Number(from.query_location ?? 0);
  return [{ ...(database && { database }), name, alias, conditions, offset }];
}

/**
 * Every table a SELECT reads, also in its subqueries. Names of common table expressions are no tables inside the
 * statement they belong to; their own text may still mean a table of the same name.
 */
export function tableReferences(node: unknown, ctes: ReadonlySet<string> = new Set()): TableReference[] {
  if (Array.isArray(node)) return node.flatMap((child) => tableReferences(child, ctes));
  if (!isTree(node)) return [];
  const { cte_map: map, ...rest } = node;
  const found: TableReference[] = [];
  const known = new Set(ctes);
  if (node.type === 'RECURSIVE_CTE_NODE') known.add(textOf(node.cte_name).toLowerCase());
  for (const { key, value } of isTree(map) ? treesOf(map.map) : []) {
    found.push(...tableReferences(value, known));
    known.add(textOf(key).toLowerCase());
  }
  if (node.type === 'SELECT_NODE') found.push(...leaves(rest.from_table, treesOf([rest.where_clause]), known));
  for (const child of Object.values(rest)) found.push(...tableReferences(child, known));
  return found;
}
