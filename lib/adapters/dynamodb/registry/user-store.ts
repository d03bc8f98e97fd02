import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { CustomerId } from '../../../domain/ids.ts';
import type { UserStore } from '../../../ports/user-store.ts';
import { getItem } from './get-item.ts';
import type { RegistryTable } from './registry-table.ts';

const StoredUser = z.discriminatedUnion('role', [
  z.object({ sub: z.string(), role: z.literal('partner') }),
  z.object({ sub: z.string(), role: z.literal('customer'), customerId: CustomerId }),
]);

/** Users in the registry, by the `sub` of their tokens. */
export function dynamoDbUserStore(table: RegistryTable): UserStore {
  return {
    find: (sub) => getItem(table, { pk: `USER#${sub}`, sk: 'PROFILE' }, StoredUser),
    async put(user) {
      const Item = { pk: `USER#${user.sub}`, sk: 'PROFILE', ...user };
      await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
    },
  };
}
