import type { DeliveredBill } from './delivered-bill.ts';
import { athenaType } from './focus/athena-type.ts';
import { usedColumns } from './focus/focus-row.ts';

/**
 * The statement that lets Athena see a delivery's files under `tableName`: a table over the list of exactly these files
 * (a symlink, as S3 Inventory's tables are), so a file that appears later is not read. `location` is the `s3://` folder
 * that holds the list. Only columns that are read are declared, by name.
 */
export function createDeliveredTable({
  bill,
  tableName,
  location,
}: {
  bill: Pick<DeliveredBill, 'columns'>;
  tableName: string;
  location: string;
}): string {
  const columns = usedColumns(bill.columns).map((column) => {
    const type = athenaType(column);
    if (type === undefined) throw new Error(`column ${column.name} of type ${column.type} was registered as it stands`);
    return `  \`${column.name.toLowerCase()}\` ${type}`;
  });
  return [
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`${tableName}\` (`,
    columns.join(',\n'),
    ')',
    "ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'",
    "STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat'",
    "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'",
    `LOCATION '${location}'`,
  ].join('\n');
}
