import { billRow } from '../bill-row.ts';
import type { BillRow } from '../csv.ts';
import { type Exact, exact, multiply, plain } from '../exact.ts';

/** Sub accounts of the bill. Letters are written in one case there and in another in the configuration. */
export const SUB_ACCOUNTS = {
  plain: '000000000101',
  moving: '000000000102',
  second: '000000000103',
  third: '000000000104',
  fourth: '000000000105',
  owned16Days: '000000000106',
  subscription: 'AB5B0E00-0000-4000-8000-00000000000F',
  project: 'data-Project-7',
  ofTwoProviders: 'shared-1',
  partners: '000000000110',
  nobodys: '000000000111',
  movingToo: '000000000112',
} as const;

/** The partner's account with the provider, which no customer may see. */
export const PAYER = '900000000001';
const ACCOUNTS = Object.values(SUB_ACCOUNTS);
const PROVIDERS = ['AWS', 'Microsoft', 'Google Cloud', 'Oracle America, Inc.', 'Hosting Ltd'];
const SERVICES = ['Amazon EC2', 'Amazon S3', 'Virtual Machines', 'BigQuery', "O'Brien's % Backup"];
const METERS = ['BoxUsage:m5.large', 'BoxUsage:c6i.xlarge', 'TimedStorage-ByteHrs', 'D2s v5', 'a*b'];
const UNITS = ['Hours', 'GB', 'GB-Hours', 'hours'];
const REGIONS = ['eu-central-1', 'EU-west-1', 'us-east-1', 'europe-west3', undefined];
const TYPES = ['Instance', 'Bucket', 'Virtual machine', undefined];
const TAGS = [
  undefined,
  '{}',
  '{"env":"dev"}',
  '{"env":"prod","team":"ab"}',
  '{"team":"axxb","env":"Dev"}',
  '{"team":"a\\nb","n":1.5}',
  '{"team":null,"flags":[1, 2]}',
  '{"aws:createdBy":"root","team":"b"}',
];

/** A bill of March 2025 with everything that rules tell apart. The same seed makes the same rows. */
export function generatedBill(rowCount: number, seed: number): BillRow[] {
  const random = randomOf(seed);
  return Array.from({ length: rowCount }, (_, index) => rowOf(random, index));
}

type Random = (below: number) => number;

function rowOf(random: Random, index: number): BillRow {
  const start = Date.UTC(2025, 2, 1) + random(31 * 24) * 3_600_000;
  const meter = random(METERS.length);
  return billRow({
    BillingAccountId: PAYER,
    BillingCurrency: random(20) === 0 ? 'EUR' : 'USD',
    ChargePeriodStart: new Date(start).toISOString().replace('.000Z', 'Z'),
    ChargePeriodEnd: new Date(start + 3_600_000).toISOString().replace('.000Z', 'Z'),
    PricingCurrency: undefined,
    ProviderName: PROVIDERS[random(PROVIDERS.length)],
    PublisherName: random(9) === 0 ? undefined : 'Publisher',
    RegionId: REGIONS[random(REGIONS.length)],
    RegionName: undefined,
    ResourceId: `Res-${String(index).padStart(5, '0')}`,
    ResourceType: TYPES[random(TYPES.length)],
    ServiceName: SERVICES[random(SERVICES.length)],
    SkuId: `SKU-${meter}`,
    SkuMeter: METERS[meter],
    SkuPriceId: `SKU-${meter}.1`,
    SubAccountId: random(40) === 0 ? undefined : ACCOUNTS[random(ACCOUNTS.length)],
    Tags: TAGS[random(TAGS.length)],
    x_IsMarketplace: ['true', 'FALSE', undefined][random(3)],
    ...chargeOf(random),
  });
}

/** Usage mostly, a tenth of it refunded or without a list price; commitments, credits, tax and corrections. */
function chargeOf(random: Random): BillRow {
  const kind = random(100);
  if (kind < 62) return usage(random);
  if (kind < 76) return { ...usage(random), BilledCost: '0', ...commitment(random, 'Used') };
  if (kind < 79) return { ...usage(random), BilledCost: '0', ...commitment(random, 'Unused') };
  if (kind < 81)
    return { ...usage(random), ...commitment(random, undefined), ChargeCategory: 'Purchase', EffectiveCost: '0' };
  if (kind < 90)
    return { ...flat(random, '-'), ChargeCategory: 'Credit', x_CreditType: ['promo', 'goodwill'][random(2)] };
  if (kind < 96) return { ...flat(random, ''), ChargeCategory: 'Tax' };
  return { ...flat(random, ['', '-'][random(2)] ?? ''), ChargeCategory: 'Adjustment' };
}

function usage(random: Random): BillRow {
  const quantity = { units: BigInt(random(12) === 0 ? -1 - random(9_000) : random(9_000_000)), decimals: 4 };
  const list = { units: BigInt(1 + random(99_999)), decimals: 3 + random(7) };
  const contracted = multiply(list, { units: BigInt(80 + random(21)), decimals: 2 });
  const listCost = [multiply(list, quantity), exact('0'), undefined][Math.max(0, random(12) - 9)];
  const billed = multiply(contracted, quantity);
  return {
    BilledCost: written(billed, random),
    EffectiveCost: random(50) === 0 ? undefined : written(billed, random),
    ContractedCost: random(50) === 0 ? 'NULL' : written(billed, random),
    ListCost: listCost && written(listCost, random),
    ContractedUnitPrice: plain(contracted),
    ListUnitPrice: plain(list),
    PricingQuantity: plain(quantity),
    PricingUnit: UNITS[random(UNITS.length)],
    ConsumedQuantity: plain(quantity),
    ConsumedUnit: 'Units',
    ChargeDescription: random(3) === 0 ? '100% of $0.1 per hour' : 'Usage of the month',
  };
}

function commitment(random: Random, status: 'Used' | 'Unused' | undefined): BillRow {
  const number = random(6);
  return {
    CommitmentDiscountId: number < 3 ? `plan-${number}` : `arn:aws:savingsplans::${PAYER}:savingsplan/${number}`,
    CommitmentDiscountName: `Plan ${number}`,
    CommitmentDiscountType: 'Savings Plan',
    CommitmentDiscountCategory: 'Spend',
    CommitmentDiscountStatus: status,
    PricingCategory: status && 'Committed',
  };
}

/** A charge with no price of its own: its four costs are equal. */
function flat(random: Random, sign: string): BillRow {
  const amount = `${sign}${plain({ units: BigInt(1 + random(5_000_000)), decimals: 4 })}`;
  return {
    BilledCost: amount,
    EffectiveCost: amount,
    ContractedCost: amount,
    ListCost: amount,
    ChargeFrequency: 'One-Time',
    PricingCategory: undefined,
    SkuId: undefined,
    SkuMeter: undefined,
    SkuPriceId: undefined,
  };
}

/** Providers write the same number in several ways. */
function written(value: Exact, random: Random): string {
  const way = random(10);
  if (way === 0) return `${value.units}E-${value.decimals}`;
  return way === 1 ? `${plain(value)}${plain(value).includes('.') ? '' : '.'}00` : plain(value);
}

/** Numbers below a bound, the same for the same seed: Park and Miller's minimal standard generator (CACM 31, 1988). */
function randomOf(seed: number): Random {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 48_271n) % 2_147_483_647n;
    return Number((state * BigInt(below)) / 2_147_483_647n);
  };
}
