import type { updateCustomer as contract } from '../../contracts/customers/update-customer.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import { Problem } from '../../domain/problem.ts';
import { touchedByCustomer } from '../../domain/touched-by.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { askRepricing, type Repricing } from '../ask-repricing.ts';
import { overtaken, requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';
import { requireCustomer } from './require-customer.ts';

/** Replaces what is said of a customer tenant, on the version the caller has read; its ledger carries the name, so it is written again. */
export const updateCustomer =
  (deps: { customers: CustomerStore; repricing: Repricing }): UseCase<typeof contract> =>
  async ({ params, body: { name, commitments }, ifMatchVersion }) => {
    const before = await requireCustomer(deps.customers, params.customerId);
    requireVersion(ifMatchVersion, before.version);
    const { commitments: _, ...kept } = before;
    const customer: CustomerTenant = {
      ...kept,
      name,
      ...(commitments === undefined ? {} : { commitments }),
      version: before.version + 1,
    };
    const outcome = await deps.customers.replace(customer);
    if (outcome === 'name_taken') throw new Problem('customer_name_taken', { name });
    if (outcome === 'stale') throw overtaken(ifMatchVersion);
    await askRepricing(deps.repricing, touchedByCustomer(customer, before));
    return { body: customer, version: customer.version };
  };
