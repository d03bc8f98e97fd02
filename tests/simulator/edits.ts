import { dynamoDbAssignmentStore } from '../../lib/adapters/dynamodb/registry/assignment-store.ts';
import { dynamoDbRuleStore } from '../../lib/adapters/dynamodb/registry/rule-store.ts';
import { dynamoDbSettingsStore } from '../../lib/adapters/dynamodb/registry/settings-store.ts';
import { askRepricing } from '../../lib/api/ask-repricing.ts';
import { Assignment } from '../../lib/domain/assignment.ts';
import { BillingRule } from '../../lib/domain/billing-rule.ts';
import { CustomerTenant } from '../../lib/domain/customer-tenant.ts';
import { RuleId } from '../../lib/domain/ids.ts';
import type { Touched } from '../../lib/domain/touched.ts';
import { TOUCHED_BY_SETTINGS, touchedByAssignments, touchedByRules } from '../../lib/domain/touched-by.ts';
import type { Ports } from './ports.ts';

/** A change that the partner makes, by its number among those of its kind. */
export type Edit =
  | { readonly kind: 'rules'; readonly variant: number }
  | { readonly kind: 'assignments'; readonly variant: number }
  | { readonly kind: 'settings'; readonly variant: number };

export const CUSTOMERS: readonly CustomerTenant[] = ['a', 'b'].map((letter) =>
  CustomerTenant.parse({
    id: `cus_${letter.repeat(12)}`,
    name: `Customer ${letter.toUpperCase()}`,
    createdAt: '2025-01-01T00:00:00Z',
    version: 1,
  }),
);
const [A, B] = CUSTOMERS.map(({ id }) => id);

/** Rules that are switched on and off, with their fixed ids. */
const RULES = [
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

const ASSIGNED: readonly Readonly<Record<string, unknown>>[] = [
  { subAccountId: '111111111111', ranges: [{ owner: A, from: null, to: null }] },
  {
    subAccountId: '111111111111',
    ranges: [
      { owner: A, from: null, to: '2025-03-10' },
      { owner: B, from: '2025-03-10', to: null },
    ],
  },
  { subAccountId: '222222222222', ranges: [{ owner: B, from: null, to: null }] },
];
const NAMES = ['Acme Cloud', 'Acme Cloud Services'];

/** How many variants each kind of edit has. */
export const VARIANTS: Readonly<Record<Edit['kind'], number>> = {
  rules: RULES.length,
  assignments: ASSIGNED.length,
  settings: NAMES.length,
};

/** Makes the change as the API does: its transaction, then the asks. One that is overtaken changes nothing. */
export async function makeEdit(ports: Ports, edit: Edit): Promise<void> {
  const { periods, asks } = ports;
  const changed: Readonly<Record<Edit['kind'], (ports: Ports, variant: number) => Promise<Touched | undefined>>> = {
    rules: switchRule,
    assignments: assign,
    settings: rename,
  };
  const touched = await changed[edit.kind](ports, edit.variant);
  if (touched !== undefined) await askRepricing({ periods, asks, onLostAsk: () => {} }, touched);
}

async function assign({ registry }: Ports, variant: number): Promise<Touched> {
  const store = dynamoDbAssignmentStore(registry);
  const wanted = ASSIGNED[variant];
  const before = await store.find(String(wanted?.subAccountId), null);
  const after = Assignment.parse({ provider: null, version: (before?.version ?? 0) + 1, ...wanted });
  await store.replaceAll([after]);
  return touchedByAssignments([{ before, after }]);
}

async function rename({ registry }: Ports, variant: number): Promise<Touched> {
  const store = dynamoDbSettingsStore(registry);
  const before = await store.read();
  await store.replace({ ...before, name: NAMES[variant] ?? before.name, version: before.version + 1 });
  return TOUCHED_BY_SETTINGS;
}

/** A rule that is not there is put at the end; one that is there is switched off or on, in its next version. */
async function switchRule({ registry, clock }: Ports, variant: number): Promise<Touched | undefined> {
  const rule = RULES[variant];
  if (rule === undefined) return undefined;
  const store = dynamoDbRuleStore(registry);
  const list = await store.list();
  const there = list.rules.find((stored) => stored.rule.name === rule.name);
  const stored = { createdAt: clock.now().toISOString(), createdBy: 'simulator' };
  if (there === undefined) {
    await store.add({ ...stored, id: RuleId.parse(`rul_${'0'.repeat(11)}${variant}`), version: 1, rule }, list);
    return touchedByRules([rule]);
  }
  const switched = { ...there.rule, enabled: !there.rule.enabled };
  await store.replace({ ...there, ...stored, version: there.version + 1, rule: switched });
  return touchedByRules([there.rule, switched]);
}
