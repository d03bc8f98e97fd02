import type { DeliveredRow } from './bill.ts';
import { plain } from './fixed.ts';
import type { Random } from './random.ts';
import { CLOUD_OF, DAYS, FIELDS, TAG_KEYS, TAG_VALUES, VOCABULARY } from './vocabulary.ts';

type Cells = Partial<DeliveredRow>;

/** The bill of one case; row ids and commitments carry the case's number. */
export function randomRows(random: Random, number: number, subAccounts: readonly string[]): readonly DeliveredRow[] {
  const count = random.percent(15) ? 1 + random.below(3) : 4 + random.below(random.percent(20) ? 47 : 22);
  return Array.from({ length: count }, (_, at) => {
    const row = randomRow(random, number, subAccounts);
    return { ...row, x_RowId: `${number}-${String(at).padStart(2, '0')}` };
  });
}

function randomRow(random: Random, number: number, subAccounts: readonly string[]): Cells {
  const texts = Object.fromEntries(FIELDS.map((field) => [field, random.of(VOCABULARY[field])]));
  const start = `${random.of(DAYS)}T${random.of(['00', '00', '12', '23'])}:00:00.000Z`;
  const ProviderName = random.of(VOCABULARY.ProviderName);
  const SubAccountId = random.percent(5) ? null : recased(random, random.of(subAccounts));
  return {
    ...texts,
    ...{ ProviderName, x_CloudProvider: ProviderName === null ? null : (CLOUD_OF[ProviderName] ?? 'other') },
    ...{ SubAccountId, ChargePeriodStart: start, ChargePeriodEnd: hourLater(start), Tags: randomTags(random) },
    ...{ CommitmentDiscountId: null, CommitmentDiscountStatus: null, CommitmentDiscountType: null },
    BillingCurrency: random.percent(8) ? 'EUR' : 'USD',
    ...randomCharge(random, number),
  };
}

/** Usage mostly, much of it under commitments; then purchases, credits, tax, adjustments. */
function randomCharge(random: Random, number: number): Cells {
  const kind = random.below(100);
  if (kind < 50) return { ChargeCategory: 'Usage', ...randomUsage(random) };
  if (kind < 66) return { ...randomUsage(random), ...commitment(random, number, 'Used'), ChargeCategory: 'Usage' };
  if (kind < 72) return { ...randomUsage(random), ...commitment(random, number, 'Unused'), ChargeCategory: 'Usage' };
  if (kind < 77) return { ...flat(random), ...commitment(random, number, null), ChargeCategory: 'Purchase' };
  if (kind < 79) return { ...flat(random), ChargeCategory: 'Purchase' };
  if (kind < 89) return { ...flat(random), ChargeCategory: 'Credit' };
  if (kind < 95) return { ...flat(random), ChargeCategory: 'Tax' };
  return { ...flat(random), ChargeCategory: random.of(['Adjustment', 'Adjustment', null]) };
}

function randomUsage(random: Random): Cells {
  return {
    BilledCost: randomNumber(random),
    EffectiveCost: randomNumber(random),
    ContractedCost: random.percent(15) ? random.of(['0', null]) : randomNumber(random),
    ListCost: random.percent(20) ? random.of(['0', null, '0.000']) : randomNumber(random),
    ContractedUnitPrice: randomNumber(random),
    ListUnitPrice: randomNumber(random),
    PricingQuantity: randomNumber(random),
  };
}

/** Commitments are billed in one currency, for a few hours that several rows share. */
function commitment(random: Random, number: number, status: 'Used' | 'Unused' | null): Cells {
  const ChargePeriodStart = random.of(['2025-03-01T00:00:00.000Z', '2025-03-31T23:00:00.000Z']);
  return {
    CommitmentDiscountId: `plan-${random.below(2)}-${number}`,
    CommitmentDiscountStatus: status,
    CommitmentDiscountType: random.of(VOCABULARY.CommitmentDiscountType),
    ...{ ChargePeriodStart, ChargePeriodEnd: hourLater(ChargePeriodStart), BillingCurrency: 'USD' },
  };
}

/** A charge with no price of its own: its four costs are equal. */
function flat(random: Random): Cells {
  const amount = randomNumber(random, 2);
  const costs = { BilledCost: amount, EffectiveCost: amount, ContractedCost: amount, ListCost: amount };
  return { ...costs, ContractedUnitPrice: null, ListUnitPrice: null, PricingQuantity: null, PricingUnit: null };
}

/** Numbers as providers write them: small and large, signed, zero, with more decimals than are kept, with an exponent. */
function randomNumber(random: Random, nulls = 5): string | null {
  if (random.percent(nulls)) return null;
  if (random.percent(4)) return random.of(['0', '-0', '0.0', '0E-7']);
  const decimals = random.of([0, 1, 2, 4, 8, 12, 12, 13, 15]);
  const digits = String(1 + random.below(random.of([9, 999, 999_999, 99_999_999])));
  const sign = random.percent(20) ? '-' : '';
  const tail = decimals > 0 && random.percent(30) ? '5' : '';
  const units = `${digits}${tail}`;
  if (random.percent(10)) return `${sign}${units}${random.of(['E', 'e'])}-${decimals}`;
  if (random.percent(3)) return `${sign}${units.slice(0, 4)}E+${random.below(3)}`;
  const padded = units.padStart(decimals + 1, '0');
  const [whole, fraction] = [padded.slice(0, padded.length - decimals), padded.slice(padded.length - decimals)];
  const text = decimals === 0 ? whole : `${whole}.${fraction}`;
  return `${sign}${random.percent(5) ? `${text.includes('.') ? text : `${text}.`}00` : text}`;
}

/** A decimal for a rule: of so many decimals, from `least` to `most` units. */
export function randomDecimal(random: Random, decimals: number, least: number, most: number): string {
  const units = BigInt(least + random.below(most - least + 1));
  return plain(units * 10n ** BigInt(18 - decimals));
}

function randomTags(random: Random): Readonly<Record<string, string>> | null {
  if (random.percent(25)) return null;
  const entries = random.some(0, 3, () => [random.of(TAG_KEYS), random.of(TAG_VALUES)] as const);
  return Object.fromEntries(entries);
}

/** The same id in other letters. */
export function recased(random: Random, id: string): string {
  if (random.percent(70)) return id;
  return random.percent(50)
    ? id.replace(/[A-Z]/g, (a) => a.toLowerCase())
    : id.replace(/[a-z]/g, (a) => a.toUpperCase());
}

function hourLater(moment: string): string {
  return new Date(Date.parse(moment) + 3_600_000).toISOString();
}
