import { Aws, Fn } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import {
  COSTS_COLUMNS,
  CUSTOMER_CHARGES_COLUMNS,
  type HiveColumns,
  OWNERS_COLUMNS,
  WATERFALL_COLUMNS,
} from '../../lib/focus/result-columns.ts';
import { SPLIT_COLUMNS } from '../../lib/focus/split-columns.ts';
import { LAKE, publishedRoot } from '../../lib/names/lake-keys.ts';
import { type PublishedTable, TABLES } from '../../lib/names/tables.ts';
import type { LakeBucket } from './lake-bucket.ts';

const HIVE_OF_SPLIT = {
  text: 'string',
  json: 'string',
  money: 'decimal(28,12)',
  price: 'decimal(28,12)',
  quantity: 'decimal(28,12)',
  time: 'timestamp',
} as const;

const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

/** How Athena reads the objects of a table. */
interface Storage {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serde: string;
}

/** Each object is a list of `s3://` lines that name Parquet files, as AWS's own S3 Inventory tables have it. */
const LISTED_PARQUET: Storage = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
  outputFormat: TEXT_OUTPUT,
  serde: PARQUET_SERDE,
};
const PARQUET: Storage = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serde: PARQUET_SERDE,
};
const JSON_LINES: Storage = {
  inputFormat: TEXT_INPUT,
  outputFormat: TEXT_OUTPUT,
  serde: 'org.openx.data.jsonserde.JsonSerDe',
};

const INJECTED = { type: 'injected' };
const MONTHS = {
  type: 'date',
  format: 'yyyy-MM',
  range: '2020-01,NOW+1MONTHS',
  interval: '1',
  'interval.unit': 'MONTHS',
};

/** A table with partitions that are computed, never stored (Athena guide, "Partition projection"). */
interface ProjectedTable {
  readonly name: string;
  readonly columns: HiveColumns;
  readonly storage: Storage;
  /** Partition column → its projection. All are strings. */
  readonly partitions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Root of the table and folder of a partition below the lake's, with `${column}` for each partition. */
  readonly root: string;
  readonly folder: string;
}

/** The Glue database of the stack and its tables. */
export class BillDatabase extends Construct {
  /** Unlike the stack's name it is all lower case, as Glue wants it, and two stacks never share it. */
  readonly name = Fn.join('_', ['apportion', Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))))]);
  readonly #lake: LakeBucket;
  readonly #database: CfnDatabase;

  constructor(scope: Construct, id: string, lake: LakeBucket) {
    super(scope, id);
    this.#lake = lake;
    this.#database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      databaseInput: { name: this.name, description: 'What customers are charged, and how it came about.' },
    });
    this.#addPublished('CustomerCharges', TABLES.customerCharges, CUSTOMER_CHARGES_COLUMNS);
    this.#addPublished('Waterfall', TABLES.waterfall, WATERFALL_COLUMNS);
    this.#addPublished('Costs', TABLES.costs, COSTS_COLUMNS);
    this.#add('Owners', {
      name: TABLES.owners,
      columns: OWNERS_COLUMNS,
      storage: JSON_LINES,
      partitions: { run: INJECTED },
      root: 'runs/',
      folder: LAKE.ownersLocation('${run}'),
    });
    this.#add('Split', {
      name: TABLES.split,
      columns: Object.fromEntries(Object.entries(SPLIT_COLUMNS).map(([name, type]) => [name, HIVE_OF_SPLIT[type]])),
      storage: PARQUET,
      partitions: { run: INJECTED, attempt: INJECTED },
      root: 'runs/',
      folder: LAKE.splitLocation('${run}', '${attempt}'),
    });
  }

  /** ARN of a table by its name or a pattern of names. */
  tableArn(name: string): string {
    return this.#glueArn(`table/${this.name}/${name}`);
  }

  /** What a grant on a table needs besides it: all that the table is in. */
  get tableParentArns(): readonly string[] {
    return [this.#glueArn('catalog'), this.#glueArn(`database/${this.name}`)];
  }

  /** Databases that every query gets (Athena guide, "Access to databases and tables in Glue"). */
  get everyQueryArns(): readonly string[] {
    return [...this.tableParentArns, this.#glueArn('database/default')];
  }

  #glueArn(path: string): string {
    return `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:${path}`;
  }

  #addPublished(id: string, name: PublishedTable, columns: HiveColumns): void {
    this.#add(id, {
      name,
      columns,
      storage: LISTED_PARQUET,
      partitions: { customer: INJECTED, period: MONTHS },
      root: publishedRoot(name),
      folder: `${publishedRoot(name)}customer=\${customer}/period=\${period}/`,
    });
  }

  #add(id: string, table: ProjectedTable): void {
    const lake = `s3://${this.#lake.bucket.bucketName}/`;
    const projections = Object.entries(table.partitions).flatMap(([column, projection]) =>
      Object.entries(projection).map(([key, value]) => [`projection.${column}.${key}`, value]),
    );
    const resource = new CfnTable(this, id, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: this.name,
      tableInput: {
        name: table.name,
        tableType: 'EXTERNAL_TABLE',
        parameters: {
          EXTERNAL: 'TRUE',
          'projection.enabled': 'true',
          ...Object.fromEntries(projections),
          'storage.location.template': `${lake}${table.folder}`,
        },
        partitionKeys: Object.keys(table.partitions).map((name) => ({ name, type: 'string' })),
        storageDescriptor: {
          location: `${lake}${table.root}`,
          columns: Object.entries(table.columns).map(([name, type]) => ({ name: name.toLowerCase(), type })),
          inputFormat: table.storage.inputFormat,
          outputFormat: table.storage.outputFormat,
          serdeInfo: { serializationLibrary: table.storage.serde },
        },
      },
    });
    resource.addResourceDependency(this.#database);
  }
}
