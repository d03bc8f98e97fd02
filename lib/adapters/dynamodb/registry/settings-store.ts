import { DEFAULT_SETTINGS, PartnerSettings } from '../../../domain/settings.ts';
import { TOUCHED_BY_SETTINGS } from '../../../domain/touched-by.ts';
import type { SettingsStore } from '../../../ports/settings-store.ts';
import { transactChange } from './config-changes.ts';
import { getItem } from './get-item.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';

const key = { pk: PARTITIONS.partner, sk: 'SETTINGS' };

/** The partner's settings in the registry; the defaults hold until they are set. */
export function dynamoDbSettingsStore(table: RegistryTable): SettingsStore {
  return {
    read: async () => (await getItem(table, key, PartnerSettings.strip())) ?? DEFAULT_SETTINGS,
    async replace(settings) {
      const condition =
        settings.version === 1
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : {
              ConditionExpression: 'version = :before',
              ExpressionAttributeValues: { ':before': settings.version - 1 },
            };
      const put = { Put: { TableName: table.tableName, Item: { ...key, ...settings }, ...condition } };
      return (await transactChange(table, [put], TOUCHED_BY_SETTINGS)) === 'done' ? 'replaced' : 'stale';
    },
  };
}
