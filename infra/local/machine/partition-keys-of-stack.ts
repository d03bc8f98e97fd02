import { z } from 'zod';
import type { PartitionKeys } from '../iam/services/dynamodb-accesses.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

const KeySchema = z
  .array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .transform((keys) => keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '');
const Indexes = z.array(z.object({ IndexName: z.string(), KeySchema })).default([]);
const TableProperties = z.object({ KeySchema, GlobalSecondaryIndexes: Indexes, LocalSecondaryIndexes: Indexes });

/** The partition key of each table of a stack, by the table's name. */
export function partitionKeysOfStack(stack: Stack): ReadonlyMap<string, PartitionKeys> {
  return new Map(
    resourcesOfType(stack, 'AWS::DynamoDB::Table').map((resource) => {
      const { KeySchema: table, ...properties } = readProperties(TableProperties, resource);
      const indexes = [...properties.GlobalSecondaryIndexes, ...properties.LocalSecondaryIndexes];
      const byName = Object.fromEntries(indexes.map(({ IndexName, KeySchema: key }) => [IndexName, key]));
      return [resource.name, { table, indexes: byName }];
    }),
  );
}
