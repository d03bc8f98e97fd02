import { z } from 'zod';

/** A column as Glue keeps it: lower-case name and Hive type, such as `decimal(38,18)` or `map<string,string>`. */
export interface GlueColumn {
  readonly name: string;
  readonly type: string;
}

/** What Athena knows of a table: where it lies, how it is read, and nothing about what lies there. */
export interface GlueTable {
  readonly databaseName: string;
  readonly name: string;
  readonly storageDescriptor: {
    /** `s3://bucket/prefix`; the template of `storage.location.template` takes its place under partition projection. */
    readonly location: string;
    readonly inputFormat: string;
    readonly outputFormat?: string | undefined;
    readonly serdeInfo: {
      readonly serializationLibrary: string;
      readonly parameters: Readonly<Record<string, string>>;
    };
    readonly columns: readonly GlueColumn[];
  };
  readonly partitionKeys: readonly GlueColumn[];
  readonly parameters: Readonly<Record<string, string>>;
}

const Name = z
  .string()
  .min(1)
  .transform((name) => name.toLowerCase());
const Column = z
  .object({ Name, Type: z.string().default('string') })
  .transform(({ Name, Type }) => ({ name: Name, type: Type }));
const Parameters = z.record(z.string(), z.coerce.string()).default({});

const TableProperties = z.object({
  DatabaseName: Name,
  TableInput: z.object({
    Name,
    Parameters,
    PartitionKeys: z.array(Column).default([]),
    StorageDescriptor: z.object({
      Location: z.string().default(''),
      InputFormat: z.string().default(''),
      OutputFormat: z.string().optional(),
      SerdeInfo: z
        .object({ SerializationLibrary: z.string().default(''), Parameters })
        .default({ SerializationLibrary: '', Parameters: {} }),
      Columns: z.array(Column).default([]),
    }),
  }),
});

/**
 * The Properties of an `AWS::Glue::Table` resource whose intrinsics are resolved. Names become lower-case, as Glue
 * keeps them.
 *
 * @throws ZodError when it is no such resource.
 */
export function glueTableOf(properties: unknown): GlueTable {
  const { DatabaseName, TableInput: table } = TableProperties.parse(properties);
  const { StorageDescriptor: storage } = table;
  return {
    databaseName: DatabaseName,
    name: table.Name,
    storageDescriptor: {
      location: storage.Location,
      inputFormat: storage.InputFormat,
      outputFormat: storage.OutputFormat,
      serdeInfo: {
        serializationLibrary: storage.SerdeInfo.SerializationLibrary,
        parameters: storage.SerdeInfo.Parameters,
      },
      columns: storage.Columns,
    },
    partitionKeys: table.PartitionKeys,
    parameters: table.Parameters,
  };
}
