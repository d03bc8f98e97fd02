import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** The registry table as its adapters hold it. */
export interface RegistryTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** One action of a transaction. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Partition keys of what belongs to the partner as a whole; the layout is in `docs/storage.md`. */
export const PARTITIONS = {
  partner: 'PARTNER',
  customers: 'CUSTOMERS',
  customerNames: 'CUSTOMER_NAMES',
  integrations: 'INTEGRATIONS',
  assignments: 'ASSIGNMENTS',
  rules: 'RULES',
  subAccounts: 'SUB_ACCOUNTS',
} as const;
