import { type GlueTable, glueTableOf } from '../../../../infra/local/athena/glue-table.ts';
import {
  COSTS_COLUMNS,
  CUSTOMER_CHARGES_COLUMNS,
  type HiveColumns,
  OWNERS_COLUMNS,
  WATERFALL_COLUMNS,
} from '../../../../lib/focus/result-columns.ts';
import { LAKE, publishedRoot } from '../../../../lib/names/lake-keys.ts';
import { type PublishedTable, TABLES } from '../../../../lib/names/tables.ts';

const INJECTED = { type: 'injected' };
const MONTHS = {
  type: 'date',
  format: 'yyyy-MM',
  range: '2020-01,NOW+1MONTHS',
  interval: '1',
  'interval.unit': 'MONTHS',
};

/** The tables that the pipeline reads and writes, over the lake bucket. */
export function lakeTables(bucket: string, DatabaseName: string): readonly GlueTable[] {
  const table = (
    Name: string,
    columns: HiveColumns,
    storage: { InputFormat: string; Serde: string; folder: string },
    partitions: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ) =>
    glueTableOf({
      DatabaseName,
      TableInput: {
        Name,
        Parameters: {
          'projection.enabled': 'true',
          'storage.location.template': `s3://${bucket}/${storage.folder}`,
          ...Object.fromEntries(
            Object.entries(partitions).flatMap(([column, projection]) =>
              Object.entries(projection).map(([key, value]) => [`projection.${column}.${key}`, value]),
            ),
          ),
        },
        PartitionKeys: Object.keys(partitions).map((column) => ({ Name: column, Type: 'string' })),
        StorageDescriptor: {
          Location: `s3://${bucket}/`,
          InputFormat: storage.InputFormat,
          SerdeInfo: { SerializationLibrary: storage.Serde },
          Columns: Object.entries(columns).map(([column, Type]) => ({ Name: column.toLowerCase(), Type })),
        },
      },
    });
  const published = (name: PublishedTable, columns: HiveColumns) =>
    table(
      name,
      columns,
      {
        InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
        Serde: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        folder: `${publishedRoot(name)}customer=\${customer}/period=\${period}/`,
      },
      { customer: INJECTED, period: MONTHS },
    );
  return [
    table(
      TABLES.owners,
      OWNERS_COLUMNS,
      {
        InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        Serde: 'org.openx.data.jsonserde.JsonSerDe',
        folder: LAKE.ownersLocation('${run}'),
      },
      { run: INJECTED },
    ),
    published(TABLES.customerCharges, CUSTOMER_CHARGES_COLUMNS),
    published(TABLES.waterfall, WATERFALL_COLUMNS),
    published(TABLES.costs, COSTS_COLUMNS),
  ];
}
