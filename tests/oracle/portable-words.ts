/** Functions and what is written like one. `customer_tags` and `text_sha256` are macros of ours (`lib/sql/duckdb-macros.ts`). */
export const FUNCTIONS: readonly string[] = [
  ...['abs', 'array_remove', 'cardinality', 'cast', 'coalesce', 'contains', 'count', 'customer_tags'],
  ...['decimal', 'element_at', 'from_base', 'from_iso8601_timestamp', 'length', 'lower', 'lpad', 'map_keys'],
  ...['max', 'max_by', 'md5', 'min_by', 'nullif', 'regexp_like', 'replace', 'round'],
  ...['row_number', 'rpad', 'split_part', 'starts_with', 'strpos', 'substr', 'sum', 'text_sha256'],
  ...['timestamp', 'to_hex', 'to_utf8', 'translate', 'unnest'],
];

/** Relations that are written with the list of their columns. */
const RELATIONS = new Set([
  'customers',
  'numbers',
  'part_of',
  'places',
  'policies',
  'rules',
  'tags',
  'terms',
  'tier_bounds',
]);

/** Types that compiled SQL casts to. */
export const CASTS: readonly string[] = [
  ...['bigint', 'decimal(10,0)', 'decimal(10,10)', 'decimal(10,6)', 'decimal(28,12)', 'decimal(38,0)'],
  ...['decimal(38,12)', 'decimal(38,18)', 'decimal(38,22)', 'decimal(38,36)', 'integer', 'timestamp'],
  ...['timestamp(3)', 'varchar'],
];

/** Names before a parenthesis that are no function. */
const GRAMMAR = new Set([
  'in',
  'as',
  'and',
  'or',
  'not',
  'when',
  'then',
  'else',
  'from',
  'join',
  'on',
  'values',
  'over',
  'by',
  'where',
  'select',
  'using',
  'filter',
  'exists',
  'distinct',
  'all',
  'union',
  'end',
  'case',
  'with',
]);

/** Every function of a statement, and every type that it casts to, in lower case. */
export function wordsOf(statement: string): {
  readonly functions: readonly string[];
  readonly casts: readonly string[];
} {
  const bare = withoutTexts(statement);
  const called = [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi)].map(([, name = '']) => name.toLowerCase());
  const casts = [...bare.matchAll(/\bAS ((?:DECIMAL|TIMESTAMP)\([0-9,]+\)|[A-Z]{2,})\)/gi)].map(
    ([, type = '']) => type,
  );
  return {
    functions: called.filter((name) => !GRAMMAR.has(name) && !RELATIONS.has(name)),
    casts: casts.map((type) => type.toLowerCase()),
  };
}

/** A statement with every text and every quoted name made the same. */
export function withoutTexts(statement: string): string {
  return statement.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/"[^"]*"/g, 'q');
}

/** Division, a literal that the engines read differently, and what DuckDB alone writes. */
export const OWN_FORM =
  /\/|::|DECIMAL ''|\bEXCLUDE\b|\bQUALIFY\b|\bILIKE\b|GROUP BY ALL|\b(?:SEMI|ANTI) JOIN\b|\blambda\b|->|\bDISTINCT ON\b/;
