import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { OpenTable } from '../lib/adapters/dynamodb/open-table.ts';
import { type Command, MemoryTables } from './memory-table.ts';

/** An empty table in memory, for the suites that DynamoDB's adapters pass on the stand-in: here they pass them too. */
export function openMemoryTable(tableName: string): OpenTable {
  const tables = new MemoryTables();
  // The adapters use `send` of a client and nothing else.
  const client = { send: async (command: Command) => tables.answer(command) } as unknown as DynamoDBDocumentClient;
  return { client, tableName, close: async () => {} };
}
