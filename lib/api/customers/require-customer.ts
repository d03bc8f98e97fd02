import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';

/** The customer tenant of this id, or 404. */
export async function requireCustomer(customers: Pick<CustomerStore, 'find'>, id: CustomerId): Promise<CustomerTenant> {
  const customer = await customers.find(id);
  if (!customer) throw new Problem('not_found', { what: 'customer', id });
  return customer;
}
