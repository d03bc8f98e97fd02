import type { CustomerTenant } from '../domain/customer-tenant.ts';
import type { CustomerId } from '../domain/ids.ts';
import type { Page } from './run-store.ts';

/** Customer tenants. A name belongs to one customer at a time, compared in lower case. */
export interface CustomerStore {
  add(customer: CustomerTenant): Promise<'added' | 'name_taken'>;
  find(id: CustomerId): Promise<CustomerTenant | undefined>;
  list(query: { limit: number; cursor?: string | undefined }): Promise<Page<CustomerTenant>>;
  /** Writes `customer` over the version before it. */
  replace(customer: CustomerTenant): Promise<'replaced' | 'name_taken' | 'stale'>;
}
