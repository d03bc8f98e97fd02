import { QueryFailure } from './query-failure.ts';

/** A Hive column type, taken apart. */
export type HiveType =
  | { readonly kind: 'scalar'; readonly name: string }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly of: HiveType }
  | { readonly kind: 'map'; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly fields: readonly { readonly name: string; readonly type: HiveType }[] };

/** https://docs.aws.amazon.com/athena/latest/ug/data-types.html with the DuckDB type that holds the same values. */
const SCALARS: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  binary: 'BLOB',
};

/** Cuts at the commas that stand outside all brackets. */
function parts(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (const [i, character] of [...text].entries()) {
    if ('<('.includes(character)) depth++;
    if ('>)'.includes(character)) depth--;
    if (character === ',' && depth === 0) {
      found.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...found, text.slice(from)];
}

const field = (text: string) => {
  const colon = text.indexOf(':');
  return { name: text.slice(0, colon), type: parseHiveType(text.slice(colon + 1)) };
};

/** @throws QueryFailure for a type Hive does not have. */
export function parseHiveType(text: string): HiveType {
  const type = text.replace(/\s+/g, '').toLowerCase();
  const inside = /^([a-z]+)[<(](.*)[>)]$/.exec(type);
  const [name, content] = inside ? [inside[1], inside[2] ?? ''] : [type, ''];
  const [first, second] = parts(content);
  if (name === 'decimal') return { kind: 'decimal', precision: Number(first || 10), scale: Number(second ?? 0) };
  if (name === 'array' && first) return { kind: 'array', of: parseHiveType(first) };
  if (name === 'map' && first && second)
    return { kind: 'map', key: parseHiveType(first), value: parseHiveType(second) };
  if (name === 'struct' && content) return { kind: 'struct', fields: parts(content).map(field) };
  if (name && SCALARS[name]) return { kind: 'scalar', name };
  throw new QueryFailure('HIVE_INVALID_METADATA', `unknown type '${text}'`);
}

/** The DuckDB type whose values are the Hive type's. */
export function duckDbTypeOf(type: HiveType): string {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.name] ?? 'VARCHAR';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `${duckDbTypeOf(type.of)}[]`;
    case 'map':
      return `MAP(${duckDbTypeOf(type.key)}, ${duckDbTypeOf(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((f) => `"${f.name}" ${duckDbTypeOf(f.type)}`).join(', ')})`;
  }
}
