import { Assignment } from '../../../domain/assignment.ts';
import { CustomerTenant } from '../../../domain/customer-tenant.ts';
import type { PartnerConfigReader } from '../../../ports/partner-config.ts';
import { readHistory } from './config-changes.ts';
import { dynamoDbIntegrationStore } from './integration-store.ts';
import { queryAll } from './query-partition.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';
import { dynamoDbRuleStore } from './rule-store.ts';
import { dynamoDbSettingsStore } from './settings-store.ts';

/** Reads the whole configuration for a run; reads again where a change came in between, so one revision is one reading. */
export function dynamoDbPartnerConfigReader(table: RegistryTable): PartnerConfigReader {
  const history = () => readHistory(table);
  const revision = async () => (await history()).revision;
  return {
    history,
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
