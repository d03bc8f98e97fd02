import { CustomerTenant } from '../../../domain/customer-tenant.ts';
import type { CustomerStore } from '../../../ports/customer-store.ts';
import { getItem } from './get-item.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable, raiseRevision, type TransactItem } from './registry-table.ts';
import { transact } from './transact.ts';

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
      const done = await transact(table, [
        takeName(customer),
        ...puts(customer, { ConditionExpression: 'attribute_not_exists(pk)' }),
        raiseRevision(table),
      ]);
      return done === 'done' ? 'added' : 'name_taken';
    },
    find: (id) => getItem(table, { pk: PARTITIONS.customers, sk: id }, StoredCustomer),
    list: (query) => queryPage(table, PARTITIONS.customers, StoredCustomer, query),
    async replace(customer) {
      const before = await getItem(table, { pk: PARTITIONS.customers, sk: customer.id }, StoredCustomer);
      if (!before) return 'stale';
      const renamed = before.name.toLowerCase() !== customer.name.toLowerCase();
      const done = await transact(table, [
        takeName(customer),
        ...puts(customer, {
          ConditionExpression: 'version = :before',
          ExpressionAttributeValues: { ':before': customer.version - 1 },
        }),
        ...(renamed ? [{ Delete: { TableName, Key: nameKey(before.name) } }] : []),
        raiseRevision(table),
      ]);
      if (done === 'done') return 'replaced';
      return done === 0 ? 'name_taken' : 'stale';
    },
  };
}

function nameKey(name: string): { pk: string; sk: string } {
  return { pk: PARTITIONS.customerNames, sk: name.toLowerCase() };
}
