import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SubAccountRegistry } from '../../../ports/sub-account-registry.ts';
import { SeenSubAccount } from '../../../sources/delivered-bill.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';

/** Writes at one time: a bill can name thousands of sub accounts, and a table on demand starts small. */
const writesAtOnce = 20;

/** Sub accounts that bills have named, one item each. */
export function dynamoDbSubAccountRegistry(table: RegistryTable): SubAccountRegistry {
  const { client, tableName } = table;
  return {
    list: (query) => queryPage(table, PARTITIONS.subAccounts, SeenSubAccount, query),
    async noteSeen(integrationId, subAccounts, at) {
      const waiting = [...subAccounts];
      const writeNext = async () => {
        for (let seen = waiting.pop(); seen !== undefined; seen = waiting.pop()) {
          await client.send(
            new UpdateCommand({
              TableName: tableName,
              Key: { pk: PARTITIONS.subAccounts, sk: `${seen.provider ?? ''}#${seen.id}` },
              UpdateExpression:
                'SET id = :id, provider = :provider, #name = :name, lastSeenAt = :at, lastIntegrationId = :integration, firstSeenAt = if_not_exists(firstSeenAt, :at), firstIntegrationId = if_not_exists(firstIntegrationId, :integration)',
              ExpressionAttributeNames: { '#name': 'name' },
              ExpressionAttributeValues: {
                ':id': seen.id,
                ':provider': seen.provider,
                ':name': seen.name,
                ':at': at,
                ':integration': integrationId,
              },
            }),
          );
        }
      };
      await Promise.all(Array.from({ length: writesAtOnce }, writeNext));
    },
  };
}
