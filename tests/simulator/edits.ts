import { BillingRule } from '../../lib/domain/billing-rule.ts';
import { CustomerTenant } from '../../lib/domain/customer-tenant.ts';
import type { FaultClass } from './faults.ts';

/** A change that the partner makes through the API, by its number among those of its kind. */
export interface Edit {
  readonly kind: EditKind;
  readonly variant: number;
}

/** A rule created or switched, the order turned, a rule taken out, owners, settings; and what operators do. */
export type EditKind =
  | 'rules'
  | 'rule_order'
  | 'rule_deleted'
  | 'assignments'
  | 'settings'
  | 'rollback'
  | 'unpin'
  | 'redrive'
  | 'release';

export const CUSTOMERS: readonly CustomerTenant[] = ['a', 'b'].map((letter) =>
  CustomerTenant.parse({
    id: `cus_${letter.repeat(12)}`,
    name: `Customer ${letter.toUpperCase()}`,
    createdAt: '2025-01-01T00:00:00Z',
    version: 1,
  }),
);
const [A, B] = CUSTOMERS.map(({ id }) => id);

/** Rules that are created once and then switched off and on. */
export const RULES: readonly BillingRule[] = [
  { type: 'rerate', name: 'plus', base: 'billed_cost', offsetPercent: '7.25', customers: 'all' },
  {
    type: 'back_out',
    name: 'no credits',
    customers: [A],
    filter: { field: 'ChargeCategory', op: 'in', values: ['Credit'] },
  },
  {
    ...{ type: 'charge', name: 'support', customers: 'all', amount: '100', currency: 'USD', frequency: 'monthly' },
    serviceName: 'Support',
  },
].map((rule) => BillingRule.parse({ startDate: '2025-01-01', ...rule }));

/** Owners of one sub account, days inclusive, as the API takes them. */
export const OWNERS: readonly {
  readonly subAccountId: string;
  readonly owners: readonly {
    readonly owner: string | undefined;
    readonly from: string | null;
    readonly to: string | null;
  }[];
}[] = [
  { subAccountId: '111111111111', owners: [{ owner: A, from: null, to: null }] },
  {
    subAccountId: '111111111111',
    owners: [
      { owner: A, from: null, to: '2025-03-09' },
      { owner: B, from: '2025-03-10', to: null },
    ],
  },
  { subAccountId: '222222222222', owners: [{ owner: B, from: null, to: null }] },
];

/** What the settings are changed to: who issues the bills, and which rules price a row. */
export const SETTINGS: readonly Readonly<Record<string, string>>[] = [
  { name: 'Acme Cloud' },
  { name: 'Acme Cloud Services' },
  { precedence: 'sequential' },
];

/** How many variants each kind of edit has. A rollback's is the place among the periods that have an earlier run. */
export const VARIANTS: Readonly<Record<EditKind, number>> = {
  rules: RULES.length,
  rule_order: 1,
  rule_deleted: RULES.length,
  assignments: OWNERS.length,
  settings: SETTINGS.length,
  rollback: 3,
  unpin: 1,
  redrive: 1,
  release: 1,
};

/** What an edit counts as when it is asked for while a run is at work. */
export const DURING_RUN: Readonly<Partial<Record<EditKind, FaultClass>>> = {
  rules: 'rules edited during a run',
  rule_order: 'rules reordered during a run',
  rule_deleted: 'rule deleted during a run',
  assignments: 'assignments edited during a run',
  settings: 'settings edited during a run',
  rollback: 'rollback asked during a run',
};
