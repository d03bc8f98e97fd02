import { CustomerTenant } from '../../../domain/customer-tenant.ts';
import { touchedByCustomer } from '../../../domain/touched-by.ts';
import type { CustomerStore } from '../../../ports/customer-store.ts';
import { transactChange } from './config-changes.ts';
import { getItem } from './get-item.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable, type TransactItem } from './registry-table.ts';

/** The stored item carries its keys too. */
const StoredCustomer = CustomerTenant.strip();

/**
 * Customers in the registry: the partner's list, the customer's own reading under its own partition key, and one item
 * per name that keeps names unique.
 */
export function dynamoDbCustomerStore(table: RegistryTable): CustomerStore {
  const { tableName: TableName } = table;
  const puts = (customer: CustomerTenant, condition: object): TransactItem[] => [
    { Put: { TableName, Item: { pk: PARTITIONS.customers, sk: customer.id, ...customer }, ...condition } },
    { Put: { TableName, Item: { pk: `CUSTOMER#${customer.id}`, sk: 'PROFILE', ...customer } } },
  ];
  const takeName = ({ id, name }: CustomerTenant): TransactItem => ({
    Put: {
      TableName,
      Item: { ...nameKey(name), id },
      ConditionExpression: 'attribute_not_exists(pk) OR id = :id',
      ExpressionAttributeValues: { ':id': id },
    },
  });
  return {
    async add(customer) {
      const items = [takeName(customer), ...puts(customer, { ConditionExpression: 'attribute_not_exists(pk)' })];
      const done = await transactChange(table, items, touchedByCustomer(customer));
      return done === 'done' ? 'added' : 'name_taken';
    },
    find: (id) => getItem(table, { pk: PARTITIONS.customers, sk: id }, StoredCustomer),
    list: (query) => queryPage(table, PARTITIONS.customers, StoredCustomer, query),
    async replace(customer) {
      const before = await getItem(table, { pk: PARTITIONS.customers, sk: customer.id }, StoredCustomer);
      if (!before) return 'stale';
      const renamed = before.name.toLowerCase() !== customer.name.toLowerCase();
      const items = [
        takeName(customer),
        ...puts(customer, {
          ConditionExpression: 'version = :before',
          ExpressionAttributeValues: { ':before': customer.version - 1 },
        }),
        ...(renamed ? [{ Delete: { TableName, Key: nameKey(before.name) } }] : []),
      ];
      const done = await transactChange(table, items, touchedByCustomer(customer, before));
      if (done === 'done') return 'replaced';
      return done === 0 ? 'name_taken' : 'stale';
    },
  };
}

function nameKey(name: string): { pk: string; sk: string } {
  return { pk: PARTITIONS.customerNames, sk: name.toLowerCase() };
}
