import type { Caller } from '../../contracts/contract.ts';
import type { getCosts as contract } from '../../contracts/costs/get-costs.ts';
import { CustomerId } from '../../domain/ids.ts';
import { isAhead } from '../../domain/is-ahead.ts';
import { isRecomputing } from '../../domain/is-recomputing.ts';
import { Problem } from '../../domain/problem.ts';
import type { AdditionsStore } from '../../ports/additions-store.ts';
import type { CustomerLedger } from '../../ports/customer-ledger.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { QueryRow } from '../../ports/query-engine.ts';
import { requireCustomer } from '../customers/require-customer.ts';
import type { UseCase } from '../use-case.ts';
import { parseCostsRow, totalsOf } from './costs-row.ts';
import { costsStatement } from './costs-statement.ts';

interface Deps {
  readonly ledger: CustomerLedger;
  readonly customers: Pick<CustomerStore, 'find'>;
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly additions: Pick<AdditionsStore, 'find'>;
  readonly config: Pick<PartnerConfigReader, 'history'>;
}

/** A customer's costs of a period, grouped, from the published tables only. */
export const getCosts =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ caller, query: { period, groupBy, customerId: asked } }) => {
    const customerId = customerOf(caller, asked);
    await requireCustomer(deps.customers, customerId);
    const config = await deps.config.history();
    const all = await deps.periods.list();
    const states = all.filter((state) => state.period === period);
    const additions = await deps.additions.find(period);
    const rows = await ownRows(deps.ledger, customerId, costsStatement(customerId, period, groupBy));
    const items = rows.map(parseCostsRow);
    const publishedAt = [...states.flatMap(({ published }) => published ?? []), ...(additions ? [additions] : [])]
      .filter(({ owners }) => owners.includes(customerId))
      .map((published) => published.publishedAt);
    return {
      body: {
        customerId,
        period,
        groupBy,
        publishedAt: publishedAt.sort().at(-1) ?? null,
        recomputing:
          states.some((state) => isAhead(state, config)) || isRecomputing(additions, { period, states: all, config }),
        items,
        totals: totalsOf(items),
      },
    };
  };

/** A customer's user reads its own, and no other customer exists for it; the partner says whose. */
function customerOf(caller: Caller, asked: CustomerId | undefined): CustomerId {
  if (caller.role === 'partner') {
    if (asked === undefined)
      throw new Problem('invalid_request', {
        errors: [{ pointer: 'query/customerId', detail: 'the partner names the customer' }],
      });
    return asked;
  }
  if (asked !== undefined && asked !== caller.customerId)
    throw new Problem('not_found', { what: 'customer', id: asked });
  return CustomerId.parse(caller.customerId);
}

/** What the engine says of a failed query names places inside the deployment: it goes to the log, not to the caller. */
async function ownRows(
  ledger: CustomerLedger,
  customerId: CustomerId,
  statement: string,
): Promise<readonly QueryRow[]> {
  try {
    return await ledger.query(customerId, statement);
  } catch (error) {
    if (error instanceof Problem) throw new Error('the query of a customer’s costs failed', { cause: error });
    throw error;
  }
}
