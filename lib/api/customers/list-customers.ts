import type { listCustomers as contract } from '../../contracts/customers/list-customers.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import { answerPage } from '../answer-page.ts';
import type { UseCase } from '../use-case.ts';

/** Lists the partner's customer tenants. */
export const listCustomers =
  (deps: { customers: CustomerStore }): UseCase<typeof contract> =>
  async ({ query }) => ({ body: answerPage(await deps.customers.list(query), (customer) => customer) });
