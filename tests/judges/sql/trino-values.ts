import type { ColumnInfo } from '../../../infra/local/athena/column-info.ts';

/** Precision that Athena shows of a type that has none of its own. */
const PRECISIONS: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  real: 7,
  double: 17,
  varchar: 2_147_483_647,
  varbinary: 1_073_741_824,
  timestamp: 3,
  time: 3,
};

/** A column of Trino's answer as GetQueryResults describes it. */
export function trinoColumn(name: string, type: string): ColumnInfo {
  const [word = type, precision, scale] = type.split(/[(, )]+/);
  const isDecimal = word === 'decimal';
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: word === 'real' ? 'float' : word,
    Precision: isDecimal ? Number(precision) : (PRECISIONS[word] ?? 0),
    Scale: isDecimal ? Number(scale) : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: word === 'varchar',
  };
}

/** A value of Trino's answer as the text of Athena's results; undefined for NULL. */
export function trinoText(value: unknown, type: string): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (type.startsWith('timestamp(')) return instantText(String(value));
  if (type === 'varbinary')
    return Buffer.from(String(value), 'base64')
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
  if (Array.isArray(value)) return `[${value.map((item) => trinoText(item, '') ?? 'null').join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const pairs = Object.entries(value).map(([key, of]) => `${key}=${trinoText(of, '') ?? 'null'}`);
  return `{${pairs.join(', ')}}`;
}

/** Athena shows milliseconds, also of an instant that has none. */
function instantText(text: string): string {
  const [, instant = text, fraction = ''] = /^([^.]*)(?:\.(\d+))?/.exec(text) ?? [];
  return `${instant}.${fraction.slice(0, 3).padEnd(3, '0')}`;
}
