import { SUB_ACCOUNTS as ID } from './generated-bill.ts';

/** Who owns what: every form that the configuration has, with two sub accounts that move within March. */
export const CUSTOMERS = [
  { name: 'Alder & Söhne', subAccounts: [ID.plain, { id: ID.moving, to: '2025-03-15' }] },
  { name: 'Birch', subAccounts: [ID.second, { id: ID.moving, from: '2025-03-16' }] },
  { name: 'Cedar', subAccounts: [ID.third, { id: ID.movingToo, to: '2025-03-10' }] },
  { name: 'Damson', subAccounts: [ID.fourth, { id: ID.owned16Days, from: '2025-03-05', to: '2025-03-20' }] },
  {
    name: 'Elm',
    subAccounts: [ID.subscription.toLowerCase(), { id: ID.ofTwoProviders, provider: 'AWS' }],
  },
  { name: 'Fir', subAccounts: [ID.project.toUpperCase(), { id: ID.ofTwoProviders, provider: 'Microsoft' }] },
  { name: 'Gorse', subAccounts: [{ id: ID.movingToo, from: '2025-03-11', to: '2025-12-31' }] },
  { name: 'birch!', subAccounts: [] },
];

const ALL = { startDate: '2025-01-01', customers: 'all' };
const leaf = (field: string, op: string, ...values: string[]) => ({ field, op, values });
const tag = (key: string, op: string, ...values: string[]) => ({ field: 'Tags', key, op, values });

/** Twenty rules: every type, operator, kind of scope and range of days. */
export const RULES = [
  {
    ...ALL,
    name: 'Tax is ours to state',
    type: 'back_out',
    customers: ['Alder & Söhne', 'Birch'],
    filter: leaf('ChargeCategory', 'in', 'Tax'),
  },
  {
    ...ALL,
    name: 'Promotions shown at nothing',
    type: 'back_out',
    mode: 'zero',
    filter: leaf('x_CreditType', 'in', 'promo'),
  },
  {
    ...ALL,
    name: 'Tax uplift',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '0.1234',
    customers: ['Cedar', 'Gorse'],
    filter: { any: [leaf('ChargeCategory', 'in', 'Tax', 'Usage'), leaf('x_ChargeType', 'in', 'nothing')] },
    startDate: '2025-03-05',
    endDate: '2025-03-25',
  },
  {
    ...ALL,
    name: 'List in the first half',
    type: 'adjust_to_list',
    startDate: '2025-03-01',
    endDate: '2025-03-15',
    filter: {
      all: [
        leaf('ServiceName', 'in', 'Amazon EC2', "O'Brien's % Backup"),
        { not: tag('env', 'in', 'dev') },
        { any: [leaf('RegionId', 'startsWith', 'eu-'), { field: 'RegionId', op: 'notExists' }] },
      ],
    },
  },
  {
    ...ALL,
    name: 'List plus five, large',
    type: 'adjust_to_list',
    offsetPercent: '5',
    customers: ['Damson', 'Elm'],
    filter: leaf('SkuMeter', 'wildcard', 'BoxUsage:*large'),
  },
  {
    ...ALL,
    name: 'An eighth off',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '-12.5',
    filter: { all: [leaf('ResourceId', 'contains', 'ES-00'), leaf('SubAccountId', 'in', ID.project.toLowerCase())] },
  },
  {
    ...ALL,
    name: 'Switched off',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '50',
    enabled: false,
  },
  {
    ...ALL,
    name: 'Azure in mid-month',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '7.5',
    startDate: '2025-03-10',
    endDate: '2025-03-20',
    filter: leaf('x_CloudProvider', 'in', 'azure'),
  },
  {
    ...ALL,
    name: 'Only instances and buckets',
    type: 'back_out',
    customers: ['Gorse'],
    filter: leaf('ResourceType', 'notIn', 'Instance', 'Bucket'),
  },
  {
    ...ALL,
    name: 'Team A for free',
    type: 'adjust_to_list',
    offsetPercent: '-100',
    filter: { all: [{ field: 'Tags', key: 'team', op: 'exists' }, tag('team', 'wildcard', 'a*b')] },
    customers: ['Alder & Söhne', 'Fir'],
  },
  {
    ...ALL,
    name: 'A hundred times and one',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '10000',
    filter: { all: [leaf('ChargeDescription', 'startsWith', '100%'), leaf('PricingUnit', 'in', 'hours')] },
  },
  {
    ...ALL,
    name: 'Unused commitments at nothing',
    type: 'back_out',
    mode: 'zero',
    filter: leaf('CommitmentDiscountStatus', 'in', 'Unused'),
  },
  {
    ...ALL,
    name: 'Commitments at list',
    type: 'adjust_to_list',
    offsetPercent: '2.5',
    filter: {
      all: [
        leaf('CommitmentDiscountType', 'contains', 'Plan'),
        { not: { not: leaf('CommitmentDiscountStatus', 'in', 'Used', 'Unused') } },
      ],
    },
  },
  {
    ...ALL,
    name: 'Onboarding',
    type: 'charge',
    startDate: '2025-03-31',
    amount: '300',
    serviceName: 'Acme Services',
  },
  {
    ...ALL,
    name: 'Care, in euro',
    type: 'charge',
    amount: '12.345678901234',
    currency: 'EUR',
    frequency: 'monthly',
    customers: ['Alder & Söhne', 'birch!'],
    serviceName: 'Acme Services',
  },
  {
    ...ALL,
    name: 'A third of a tenth off, unless',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '-3.3333',
    filter: {
      any: [
        { all: [leaf('PricingUnit', 'notIn', 'GB', 'Hours'), { field: 'PublisherName', op: 'exists' }] },
        { not: { any: [leaf('RegionId', 'wildcard', '*1'), tag('n', 'in', '1.5')] } },
      ],
    },
  },
  {
    ...ALL,
    name: 'No marketplace',
    type: 'back_out',
    filter: leaf('x_IsMarketplace', 'in', 'true'),
  },
  {
    ...ALL,
    name: 'Over since February',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '99',
    endDate: '2025-02-28',
  },
  {
    ...ALL,
    name: 'Not before April',
    type: 'charge',
    startDate: '2025-04-01',
    amount: '1',
    serviceName: 'Acme Services',
  },
  { ...ALL, name: 'Margin', type: 'rerate', base: 'billed_cost', offsetPercent: '4' },
];

/** The configuration file. */
export const CONFIG = {
  partner: { name: 'Acme Cloud', currency: 'USD', subAccounts: [ID.partners] },
  customers: CUSTOMERS,
  rules: RULES,
};
