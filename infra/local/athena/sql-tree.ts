/** A node of the tree that DuckDB's `json_serialize_sql` makes of a SELECT. */
export type SqlTree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is SqlTree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The trees of a list; anything else is no tree. */
export const treesOf = (value: unknown): readonly SqlTree[] => (Array.isArray(value) ? value.filter(isTree) : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A column reference's names, such as [table, column]; undefined for anything else. */
export function columnNamesOf(node: unknown): readonly string[] | undefined {
  if (!isTree(node) || node.class !== 'COLUMN_REF' || !Array.isArray(node.column_names)) return undefined;
  return node.column_names.map((name) => String(name).toLowerCase());
}

/** A literal's text, numbers as their digits; undefined for anything else, also for NULL. */
export function literalOf(node: unknown): string | undefined {
  if (!isTree(node)) return undefined;
  if (node.class === 'CAST') {
    const { id } = isTree(node.cast_type) ? node.cast_type : {};
    return id === 'VARCHAR' ? literalOf(node.child) : undefined;
  }
  if (node.class !== 'CONSTANT' || !isTree(node.value) || node.value.is_null === true) return undefined;
  const { value } = node.value;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
