import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Integration } from '../../../domain/integration.ts';
import type { IntegrationStore } from '../../../ports/integration-store.ts';
import { getItem } from './get-item.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';

const StoredIntegration = Integration.strip();

/** Integrations in the registry, one item each. */
export function dynamoDbIntegrationStore(table: RegistryTable): IntegrationStore {
  return {
    async add(integration) {
      const Item = { pk: PARTITIONS.integrations, sk: integration.id, ...integration };
      try {
        await table.client.send(
          new PutCommand({ TableName: table.tableName, Item, ConditionExpression: 'attribute_not_exists(pk)' }),
        );
        return 'added';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'exists';
        throw error;
      }
    },
    find: (id) => getItem(table, { pk: PARTITIONS.integrations, sk: id }, StoredIntegration),
    list: (query) => queryPage(table, PARTITIONS.integrations, StoredIntegration, query),
  };
}
