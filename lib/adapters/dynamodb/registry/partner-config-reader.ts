import { z } from 'zod';
import { Assignment } from '../../../domain/assignment.ts';
import { CustomerTenant } from '../../../domain/customer-tenant.ts';
import type { PartnerConfigReader } from '../../../ports/partner-config.ts';
import { getItem } from './get-item.ts';
import { dynamoDbIntegrationStore } from './integration-store.ts';
import { queryAll } from './query-partition.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';
import { dynamoDbRuleStore } from './rule-store.ts';
import { dynamoDbSettingsStore } from './settings-store.ts';

/** Reads the whole configuration for a run; reads again where a change came in between, so one revision is one reading. */
export function dynamoDbPartnerConfigReader(table: RegistryTable): PartnerConfigReader {
  const revision = async () =>
    (await getItem(table, { pk: PARTITIONS.partner, sk: 'CONFIG' }, z.object({ revision: z.int() })))?.revision ?? 0;
  return {
    revision,
    findIntegration: (id) => dynamoDbIntegrationStore(table).find(id),
    async read() {
      for (;;) {
        const before = await revision();
        const [settings, customers, assignments, { rules }] = await Promise.all([
          dynamoDbSettingsStore(table).read(),
          queryAll(table, PARTITIONS.customers, CustomerTenant.strip()),
          queryAll(table, PARTITIONS.assignments, Assignment.strip()),
          dynamoDbRuleStore(table).list(),
        ]);
        if ((await revision()) === before)
          return { revision: before, settings, customers: byAge(customers), assignments, rules };
      }
    },
  };
}

/** Customers in the order of their creation: the order in which summaries list them. */
function byAge(customers: readonly CustomerTenant[]): CustomerTenant[] {
  const age = (customer: CustomerTenant) => `${customer.createdAt} ${customer.id}`;
  return [...customers].sort((a, b) => (age(a) < age(b) ? -1 : 1));
}
