import { z } from 'zod';
import { Condition } from './condition.ts';
import { Day } from './day.ts';
import { decimalText } from './decimal-text.ts';
import { ExactDecimal } from './exact-decimal.ts';
import { plainText } from './plain-text.ts';
import { RuleScope, ruleScopeDraft } from './rule-scope.ts';

/** More would be a price list, not tiers. */
const TIERS_MOST = 100;

const name = plainText({ charactersMin: 1, charactersMax: 200 });

/** A percentage that is added to a price: at most 4 decimals, −100 (free) to 10,000. */
const offsetPercent = decimalText({ integerDigits: 5, decimals: 4 }).refine(
  (text) => Number(text) >= -100 && Number(text) <= 10_000,
  'a percentage from -100 to 10000',
);

/** An amount of money above 0 that is DECIMAL(28,12) as it stands. */
const amountAboveZero = decimalText({ integerDigits: 16, decimals: 12 }).refine(
  (text) => /[1-9]/.test(text) && !text.startsWith('-'),
  'an amount above 0',
);

/** A percentage of an amount: at most 4 decimals, from 0 to `most`. */
function percent(most: number) {
  return decimalText({ integerDigits: 5, decimals: 4 }).refine(
    (text) => !text.startsWith('-') && Number(text) <= most,
    `a percentage from 0 to ${most}`,
  );
}

/** A price per unit: at most 10 digits in all, leading zeros aside (`pricing.md` §2). */
const rate = decimalText({ integerDigits: 10, decimals: 10 }).refine(
  (text) => !text.startsWith('-') && digitsOf(text) <= 10,
  'a price of at most 10 digits, 0 or above',
);

/** A quantity or an amount of 0 or above that is DECIMAL(28,12) as it stands. */
const notNegative = decimalText({ integerDigits: 16, decimals: 12 }).refine(
  (text) => !text.startsWith('-'),
  '0 or above',
);

const pricingUnit = plainText({ charactersMin: 1, charactersMax: 200 });

/** Tiers of a unit price: each from its bound on, up to the next one's. */
const rateTiers = z
  .array(z.strictObject({ from: notNegative, rate }))
  .min(1)
  .max(TIERS_MOST)
  .refine((tiers) => isZero(tiers[0]?.from) && areRising(tiers.map(({ from }) => from)), {
    error: 'tiers from 0 on, each from a higher quantity than the one before',
  });

/** Tiers of a percentage: each up to its bound; the last has none and takes all the rest. */
const percentTiers = z
  .array(z.strictObject({ upTo: amountAboveZero.optional(), percent: percent(10_000) }))
  .min(1)
  .max(TIERS_MOST)
  .refine(
    (tiers) =>
      tiers.every(({ upTo }, at) => (upTo === undefined) === (at === tiers.length - 1)) &&
      areRising(tiers.flatMap(({ upTo }) => upTo ?? [])),
    { error: 'tiers up to a higher amount than the one before each, the last one without `upTo`' },
  );

const currency = z.string().regex(/^[A-Z]{3}$/, 'a currency as three capital letters');

/** Fields of every rule; `customers` differs between what is sent and what is stored. */
function everyRule<Scope extends z.ZodType>(customers: Scope) {
  return {
    name,
    enabled: z.boolean().default(true),
    /** First and last day (UTC), both inclusive; a row is in range when its ChargePeriodStart is. */
    startDate: Day,
    endDate: Day.optional(),
    customers,
  };
}

/** Fields of a rule that adds an amount of its own. */
function addingRule<Scope extends z.ZodType>(customers: Scope) {
  return {
    ...everyRule(customers),
    amount: amountAboveZero,
    currency: currency.optional(),
    serviceName: plainText({ charactersMin: 1, charactersMax: 200 }),
    category: plainText({ charactersMin: 1, charactersMax: 200 }).default('MSP Fee'),
    subCategory: plainText({ charactersMin: 1, charactersMax: 200 }).optional(),
    frequency: z.enum(['one_time', 'monthly']).default('one_time'),
  };
}

/** Fields of every rule that has a filter. */
function rowRule<Scope extends z.ZodType>(customers: Scope) {
  return { ...everyRule(customers), filter: Condition.optional() };
}

/** One schema per rule type. A new type is added here first; the tables `Record<RuleType, …>` then name what is missing. */
function ruleUnion<Scope extends z.ZodType>(customers: Scope) {
  return z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('adjust_to_list'),
      ...rowRule(customers),
      offsetPercent: offsetPercent.default('0'),
    }),
    z.strictObject({
      type: z.literal('rerate'),
      ...rowRule(customers),
      base: z.enum(['billed_cost', 'list_cost', 'absolute_credits']),
      offsetPercent,
    }),
    z.strictObject({
      type: z.literal('operating_margin'),
      ...rowRule(customers),
      base: z.enum(['billed_cost', 'absolute_credits']),
      percent: percent(10_000),
    }),
    z.strictObject({
      type: z.literal('back_out'),
      ...rowRule(customers),
      mode: z.enum(['remove', 'zero']).default('remove'),
    }),
    z.strictObject({ type: z.literal('adjustment'), ...rowRule(customers), percentShown: percent(1_000) }),
    z.strictObject({ type: z.literal('fixed_rate'), ...rowRule(customers), rate, pricingUnit }),
    z.strictObject({
      type: z.literal('tiered_rate'),
      ...rowRule(customers),
      tiers: rateTiers,
      pricingUnit,
      aggregate: z.enum(['customer', 'sub_account']),
    }),
    z.strictObject({ type: z.literal('charge'), ...addingRule(customers) }),
    z.strictObject({ type: z.literal('credit'), ...addingRule(customers) }),
    z
      .strictObject({
        type: z.literal('percentage_charge'),
        ...rowRule(customers),
        percent: percent(10_000).optional(),
        tiers: percentTiers.optional(),
        minimum: notNegative.optional(),
        as: z.enum(['charge', 'credit']).default('charge'),
      })
      .refine(({ percent: flat, tiers }) => (flat === undefined) !== (tiers === undefined), {
        error: 'either `percent` or `tiers`',
        path: ['percent'],
      }),
  ]);
}

/** A billing rule that is whole and consistent in itself, as stored (`pricing.md` §4, §5). Meanings: `lib/rules`. */
export const BillingRule = ruleUnion(RuleScope);
export type BillingRule = z.infer<typeof BillingRule>;

/** Which kind of rule. */
export type RuleType = BillingRule['type'];

/** The rules of one type. */
export type RuleOf<Type extends RuleType> = Extract<BillingRule, { type: Type }>;

/** Rules that act on rows and take part in precedence; the others add rows. */
export type RowRule = Exclude<BillingRule, { type: 'charge' | 'credit' | 'percentage_charge' }>;

/**
 * The wire form of a rule (API, config file), customers named by `customerReference`. What it parses is a draft until
 * `checkRule` has passed it.
 */
export function billingRuleSchema<Reference extends z.ZodType<string>>(customerReference: Reference) {
  return ruleUnion(ruleScopeDraft(customerReference));
}

/** A rule as sent, with customers' ids or names of type `Reference`. */
export type BillingRuleDraft<Reference extends string = string> = z.infer<
  ReturnType<typeof billingRuleSchema<z.ZodType<Reference>>>
>;

function digitsOf(text: string): number {
  const [whole = '', decimals = ''] = text.split('.');
  return whole.replace(/^0+/, '').length + decimals.length;
}

function isZero(text: string | undefined): boolean {
  return text !== undefined && !/[1-9]/.test(text);
}

function areRising(texts: readonly string[]): boolean {
  return texts.every((text, at) => at === 0 || new ExactDecimal(text).gt(texts[at - 1] ?? text));
}
