import { DuckDBDecimalType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { z } from 'zod';

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html */
export const ColumnInfo = z
  .object({
    CatalogName: z.literal('hive'),
    SchemaName: z.literal(''),
    TableName: z.literal(''),
    Name: z.string(),
    Label: z.string(),
    Type: z.string(),
    Precision: z.number(),
    Scale: z.number(),
    Nullable: z.literal('UNKNOWN'),
    CaseSensitive: z.boolean(),
  })
  .readonly();
export type ColumnInfo = z.infer<typeof ColumnInfo>;

/** Athena's type name and precision; the 128-bit integers of DuckDB's sums are Trino's bigint. */
const TYPES: { readonly [Id in DuckDBTypeId]?: readonly [type: string, precision: number] } = {
  [DuckDBTypeId.BOOLEAN]: ['boolean', 0],
  [DuckDBTypeId.TINYINT]: ['tinyint', 3],
  [DuckDBTypeId.SMALLINT]: ['smallint', 5],
  [DuckDBTypeId.INTEGER]: ['integer', 10],
  [DuckDBTypeId.BIGINT]: ['bigint', 19],
  [DuckDBTypeId.HUGEINT]: ['bigint', 19],
  [DuckDBTypeId.UBIGINT]: ['bigint', 19],
  [DuckDBTypeId.UINTEGER]: ['bigint', 19],
  [DuckDBTypeId.FLOAT]: ['float', 7],
  [DuckDBTypeId.DOUBLE]: ['double', 17],
  [DuckDBTypeId.DATE]: ['date', 0],
  [DuckDBTypeId.TIME]: ['time', 3],
  [DuckDBTypeId.TIMESTAMP]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_MS]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_S]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_NS]: ['timestamp', 3],
  [DuckDBTypeId.TIMESTAMP_TZ]: ['timestamp with time zone', 3],
  [DuckDBTypeId.BLOB]: ['varbinary', 1_073_741_824],
  [DuckDBTypeId.LIST]: ['array', 0],
  [DuckDBTypeId.MAP]: ['map', 0],
  [DuckDBTypeId.STRUCT]: ['row', 0],
  [DuckDBTypeId.SQLNULL]: ['unknown', 0],
};

/** Describes a result column as GetQueryResults does. Types without a Trino name show as text. */
export function columnInfoOf(name: string, type: DuckDBType): ColumnInfo {
  const [word, precision] = TYPES[type.typeId] ?? ['varchar', 2_147_483_647];
  const isDecimal = type instanceof DuckDBDecimalType;
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: isDecimal ? 'decimal' : word,
    Precision: isDecimal ? type.width : precision,
    Scale: isDecimal ? type.scale : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: !isDecimal && word === 'varchar',
  };
}
