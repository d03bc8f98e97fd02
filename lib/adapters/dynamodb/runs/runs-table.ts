import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The runs table as its adapters hold it. */
export interface RunsTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Sort key of a record itself; beside it stand the items that put it into lists. */
export const STATE = 'STATE';
