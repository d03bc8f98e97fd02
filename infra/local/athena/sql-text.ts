/** A SQL string literal; Trino and DuckDB read it alike. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A quoted identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A SQL list of local paths. */
export const pathList = (files: readonly { readonly path: string }[]): string =>
  `[${files.map(({ path }) => literal(path)).join(', ')}]`;
