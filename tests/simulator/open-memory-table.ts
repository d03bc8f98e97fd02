import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { OpenTable } from '../lib/adapters/dynamodb/open-table.ts';
import { type Command, MemoryTables } from './memory-table.ts';

/** A table in memory, empty or of these, for the suites that DynamoDB's adapters pass on the stand-in: here they pass them too. */
export function openMemoryTable(tableName: string, tables = new MemoryTables()): OpenTable {
  // The adapters use `send` of a client and nothing else.
  const client = { send: async (command: Command) => tables.answer(command) } as unknown as DynamoDBDocumentClient;
  return { client, tableName, close: async () => {} };
}
