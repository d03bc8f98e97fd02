import { z } from 'zod';
import { BillingRule } from '../../../domain/billing-rule.ts';
import { RuleId } from '../../../domain/ids.ts';
import type { StoredRule } from '../../../domain/stored-rule.ts';
import type { Touched } from '../../../domain/touched.ts';
import { touchedByReorder, touchedByRules } from '../../../domain/touched-by.ts';
import type { RuleList, RuleStore } from '../../../ports/rule-store.ts';
import { transactChange } from './config-changes.ts';
import { getItem } from './get-item.ts';
import { queryAll } from './query-partition.ts';
import { PARTITIONS, type RegistryTable, type TransactItem } from './registry-table.ts';

const orderKey = { pk: PARTITIONS.partner, sk: 'RULE_ORDER' };

const StoredOrder = z.object({ version: z.int(), ids: z.array(RuleId) });

const StoredVersion = z.object({
  id: RuleId,
  version: z.int().positive(),
  createdAt: z.string(),
  firstCreatedAt: z.string().optional(),
  createdBy: z.string(),
  rule: BillingRule,
});

/** Billing rules in the registry: current versions in one partition, all versions under each rule, the order as one item. */
export function dynamoDbRuleStore(table: RegistryTable): RuleStore {
  const { tableName: TableName } = table;
  const putOrder = (ids: readonly RuleId[], { orderVersion }: RuleList): TransactItem => ({
    Put: {
      TableName,
      Item: { ...orderKey, version: orderVersion + 1, ids },
      ...(orderVersion === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'version = :before', ExpressionAttributeValues: { ':before': orderVersion } }),
    },
  });
  const putVersion = ({
    order: _,
    ...rule
  }: StoredRule | (Omit<StoredRule, 'order'> & { order?: never })): TransactItem[] => [
    {
      Put: {
        TableName,
        Item: { pk: `RULE#${rule.id}`, sk: `V#${String(rule.version).padStart(6, '0')}`, ...rule },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Put: {
        TableName,
        Item: { pk: PARTITIONS.rules, sk: rule.id, ...rule },
        ...(rule.version === 1
          ? { ConditionExpression: 'attribute_not_exists(pk)' }
          : { ConditionExpression: 'version = :before', ExpressionAttributeValues: { ':before': rule.version - 1 } }),
      },
    },
  ];
  const write = async (items: TransactItem[], touched: Touched) =>
    (await transactChange(table, items, touched)) === 'done';
  return {
    async list() {
      for (;;) {
        const before = await getItem(table, orderKey, StoredOrder);
        const current = await queryAll(table, PARTITIONS.rules, StoredVersion);
        const after = await getItem(table, orderKey, StoredOrder);
        if (before?.version === after?.version) return inOrder(before, current);
      }
    },
    async add(rule, list) {
      const ids = [...list.rules.map(({ id }) => id), rule.id];
      return (await write([putOrder(ids, list), ...putVersion(rule)], touchedByRules([rule.rule]))) ? 'added' : 'stale';
    },
    async replace(rule) {
      const before = await getItem(table, { pk: PARTITIONS.rules, sk: rule.id }, StoredVersion);
      if (before === undefined) return 'stale';
      return (await write(putVersion(rule), touchedByRules([before.rule, rule.rule]))) ? 'replaced' : 'stale';
    },
    async remove(rule, list) {
      const ids = list.rules.map(({ id }) => id).filter((id) => id !== rule.id);
      const remove: TransactItem = {
        Delete: {
          TableName,
          Key: { pk: PARTITIONS.rules, sk: rule.id },
          ConditionExpression: 'version = :before',
          ExpressionAttributeValues: { ':before': rule.version },
        },
      };
      return (await write([putOrder(ids, list), remove], touchedByRules([rule.rule]))) ? 'removed' : 'stale';
    },
    async reorder(ids, list) {
      return (await write([putOrder(ids, list)], touchedByReorder(list.rules, ids))) ? 'reordered' : 'stale';
    },
  };
}

function inOrder(
  order: z.infer<typeof StoredOrder> | undefined,
  current: readonly z.infer<typeof StoredVersion>[],
): RuleList {
  const byId = new Map(current.map((rule) => [rule.id, rule] as const));
  const rules = (order?.ids ?? []).flatMap((id) => byId.get(id) ?? []);
  return { rules: rules.map((rule, index) => ({ ...rule, order: index + 1 })), orderVersion: order?.version ?? 0 };
}
