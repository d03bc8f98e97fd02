import { customerId } from './splitting.ts';

/** The two customers of the shard. */
export const A = customerId('a');
export const B = customerId('b');

/** A row as SplitByShard writes it; what is not given is null. */
export type SplitRow = Readonly<Record<string, string>>;

/** A row that tests change in a cell or two. */
export const usual: SplitRow = {
  ChargeCategory: 'Usage',
  ChargePeriodStart: '2025-03-05 00:00:00',
  ChargePeriodEnd: '2025-03-06 00:00:00',
  BillingPeriodStart: '2025-03-01 00:00:00',
  BillingCurrency: 'USD',
  ProviderName: 'AWS',
  ServiceName: 'Amazon EC2',
  SubAccountId: '111111111111',
  x_Owner: A,
};

/** Every kind of row that a rule meets: two alike, nulls, 28 digits, credits, tax, tags of every form. */
export const ROWS: readonly SplitRow[] = [
  {
    ...usual,
    BilledCost: '0.123456789012',
    EffectiveCost: '0.1',
    ListCost: '3.000000000001',
    ContractedCost: '2',
    Tags: '{"env":"prod","n":1,"gone":null,"deep":{"a": [1, 2]}}',
  },
  {
    ...usual,
    BilledCost: '-7.5',
    EffectiveCost: '-7.5',
    ListCost: '0',
    ContractedCost: '0',
    Tags: '{"env":"dev","env":"prod"}',
  },
  { ...usual, BilledCost: '9999999999999999.999999999999', ListCost: '12', ServiceName: 'Amazon S3' },
  { ...usual, BilledCost: '1', EffectiveCost: '1', ListCost: '1', ContractedCost: '1', ServiceName: 'Amazon S3' },
  { ...usual, BilledCost: '1', EffectiveCost: '1', ListCost: '1', ContractedCost: '1', ServiceName: 'Amazon S3' },
  {
    ...usual,
    ChargeCategory: 'Credit',
    BilledCost: '-30',
    EffectiveCost: '-30',
    ListCost: '-30',
    ContractedCost: '-30',
  },
  { ...usual, ChargeCategory: 'Tax', BilledCost: '5', EffectiveCost: '5', ListCost: '5', ContractedCost: '5' },
  {
    ...usual,
    x_Owner: B,
    SubAccountId: '222222222222',
    BilledCost: '100',
    EffectiveCost: '90',
    ListCost: '120',
    ContractedCost: '110',
  },
  { ...usual, x_Owner: 'unassigned', SubAccountId: '333333333333', BilledCost: '8' },
  { ...usual, x_Owner: 'partner', SubAccountId: '999999999999', BilledCost: '9' },
];

/** Money in units of the 12th decimal, so that a factor with 6 decimals makes units of the 18th. */
export function units(text: string | undefined, decimals: number): bigint | null {
  if (text === undefined) return null;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(decimals, '0'));
  return text.startsWith('-') ? -value : value;
}

/** The four costs, in the order of the summary. */
export const COSTS = ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost'] as const;
const PLUS_7_25 = 1_072_500n;
const MINUS_12_5 = 875_000n;

/** What a row is charged, cost by cost, computed apart from every compiler; nothing for a row that is backed out. */
export function expectedCharge(row: SplitRow): readonly (bigint | null)[][] {
  if (row.ChargeCategory === 'Tax') return [];
  const delivered = (column: string) => units(row[column], 12);
  const scaled = (amount: bigint | null, factor: bigint) => (amount === null ? null : amount * factor);
  const isCost = row.ChargeCategory !== 'Credit';
  const list = delivered('ListCost');
  const contracted = delivered('ContractedCost');
  const isMissing = list === null || (list === 0n && contracted !== null && contracted !== 0n);
  const isS3 = isCost && row.ServiceName === 'Amazon S3';
  const isToList = isCost && !isS3 && row.x_Owner === A && !isMissing;
  return [
    COSTS.map((column) => {
      if (column === 'ListCost' || !(isS3 || isToList)) return scaled(delivered(column), 1_000_000n);
      return isS3 ? scaled(delivered(column), MINUS_12_5) : scaled(list, PLUS_7_25);
    }),
  ];
}
