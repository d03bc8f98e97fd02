import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Assignment } from '../../../domain/assignment.ts';
import type { Page } from '../../../ports/run-store.ts';
import type { SubAccountRegistry } from '../../../ports/sub-account-registry.ts';
import { SeenSubAccount } from '../../../sources/delivered-bill.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';

/** Writes at one time: a bill can name thousands of sub accounts, and a table on demand starts small. */
const writesAtOnce = 20;

const NAME_CHARACTERS_MAX = 200;

/** Sub accounts that bills have named, one item each; one whose id is too long to be assigned is not kept. */
export function dynamoDbSubAccountRegistry(table: RegistryTable): SubAccountRegistry {
  return {
    async list({ limit, cursor, q = '' }) {
      const items: SeenSubAccount[] = [];
      let next = cursor;
      do {
        const page: Page<SeenSubAccount> = await queryPage(table, PARTITIONS.subAccounts, SeenSubAccount, {
          limit: limit - items.length,
          cursor: next,
        });
        items.push(...page.items.filter((seen) => contains(seen, q.toLowerCase())));
        next = page.cursor;
      } while (next !== undefined && items.length < limit);
      return next === undefined ? { items } : { items, cursor: next };
    },
    async noteSeen(integrationId, subAccounts, at) {
      const waiting = subAccounts.filter(isAssignable);
      const writeNext = async () => {
        for (let seen = waiting.pop(); seen !== undefined; seen = waiting.pop())
          await table.client.send(noteCommand(table.tableName, seen, { integrationId, at }));
      };
      await Promise.all(Array.from({ length: writesAtOnce }, writeNext));
    },
  };
}

function noteCommand(
  TableName: string,
  { id, name, provider }: SeenSubAccount,
  { integrationId, at }: { integrationId: string; at: string },
): UpdateCommand {
  return new UpdateCommand({
    TableName,
    Key: { pk: PARTITIONS.subAccounts, sk: `${provider ?? ''}#${id}` },
    UpdateExpression:
      'SET id = :id, provider = :provider, #name = :name, lastSeenAt = :at, lastIntegrationId = :integration, firstSeenAt = if_not_exists(firstSeenAt, :at), firstIntegrationId = if_not_exists(firstIntegrationId, :integration)',
    ExpressionAttributeNames: { '#name': 'name' },
    ExpressionAttributeValues: {
      ':id': id,
      ':provider': provider,
      ':name': name?.slice(0, NAME_CHARACTERS_MAX).toWellFormed() ?? null,
      ':at': at,
      ':integration': integrationId,
    },
  });
}

function isAssignable({ id, provider }: SeenSubAccount): boolean {
  const { subAccountId, provider: assigned } = Assignment.shape;
  return subAccountId.safeParse(id).success && assigned.safeParse(provider).success;
}

/** By name or id, whatever the case of letters (`acceptance.md`, BS-05). */
function contains({ id, name }: SeenSubAccount, lowerCase: string): boolean {
  return [id, name ?? ''].some((text) => text.toLowerCase().includes(lowerCase));
}
