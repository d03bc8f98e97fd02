import type { Assignment } from '../../../lib/domain/assignment.ts';
import { BillingRule } from '../../../lib/domain/billing-rule.ts';
import type { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import { Day } from '../../../lib/domain/day.ts';
import { CustomerId, IntegrationId, RuleId } from '../../../lib/domain/ids.ts';

/** The n-th customer's id. */
export const customerId = (number: number) => CustomerId.parse(`cus_${String(number).padStart(12, '0')}`);

/** The n-th customer, first version. */
export function customerOf(number: number, name = `Customer ${number}`): CustomerTenant {
  return { id: customerId(number), name, createdAt: '2025-01-01T00:00:00.000Z', version: 1 };
}

/** A sub account owned by the n-th customer from a day on, first version. */
export function assignmentOf(subAccountId: string, number: number, from = '2025-03-01'): Assignment {
  const ranges = [{ owner: customerId(number), from: Day.parse(from), to: null }];
  return { subAccountId, provider: null, ranges, version: 1 };
}

/** The n-th rule, first version. */
export function ruleOf(number: number, change: object = {}) {
  return {
    id: RuleId.parse(`rul_${String(number).padStart(12, '0')}`),
    version: 1,
    createdAt: '2025-01-01T00:00:00.000Z',
    createdBy: 'partner',
    rule: BillingRule.parse({
      ...{ name: `Rule ${number}`, type: 'back_out', startDate: '2025-01-01', customers: 'all' },
      ...change,
    }),
  };
}

/** The n-th integration. */
export function integrationOf(number: number) {
  return {
    ...{ id: IntegrationId.parse(`integration-${number}`), name: `Integration ${number}` },
    ...{ format: 'focus' as const, delivery: 'files' as const, createdAt: '2025-01-01T00:00:00.000Z', version: 1 },
  };
}

/** Every item of a paged list, in pages of `limit`. */
export async function allPages<Item>(
  list: (query: { limit: number; cursor?: string | undefined }) => Promise<{
    readonly items: readonly Item[];
    readonly cursor?: string;
  }>,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit, cursor });
    if (page.items.length > limit) throw new Error(`${page.items.length} items on a page of ${limit}`);
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}
