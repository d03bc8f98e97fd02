import { z } from 'zod';

/** A column as Glue keeps it: lower-case name and Hive type, such as `decimal(38,18)` or `map<string,string>`. */
export const GlueColumn = z.object({ name: z.string(), type: z.string() }).readonly();
export type GlueColumn = z.infer<typeof GlueColumn>;

const TextByName = z.record(z.string(), z.string()).readonly();

/** What Athena knows of a table: where it lies, how it is read, and nothing about what lies there. */
export const GlueTable = z
  .object({
    databaseName: z.string(),
    name: z.string(),
    storageDescriptor: z
      .object({
        /** `s3://bucket/prefix`; under partition projection the property `storage.location.template` takes its place. */
        location: z.string(),
        inputFormat: z.string(),
        outputFormat: z.string().optional(),
        serdeInfo: z.object({ serializationLibrary: z.string(), parameters: TextByName }).readonly(),
        columns: z.array(GlueColumn).readonly(),
      })
      .readonly(),
    partitionKeys: z.array(GlueColumn).readonly(),
    parameters: TextByName,
  })
  .readonly();
export type GlueTable = z.infer<typeof GlueTable>;

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
