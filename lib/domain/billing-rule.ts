import { z } from 'zod';
import { Condition } from './condition.ts';
import { Day } from './day.ts';
import { decimalText } from './decimal-text.ts';
import { plainText } from './plain-text.ts';
import { RuleScope, ruleScopeDraft } from './rule-scope.ts';

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

/** Fields of every rule that acts on rows. */
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
    z.strictObject({ type: z.literal('rerate'), ...rowRule(customers), base: z.literal('billed_cost'), offsetPercent }),
    z.strictObject({
      type: z.literal('back_out'),
      ...rowRule(customers),
      mode: z.enum(['remove', 'zero']).default('remove'),
    }),
    z.strictObject({
      type: z.literal('charge'),
      ...everyRule(customers),
      amount: amountAboveZero,
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, 'a currency as three capital letters')
        .optional(),
      serviceName: plainText({ charactersMin: 1, charactersMax: 200 }),
      category: plainText({ charactersMin: 1, charactersMax: 200 }).default('MSP Fee'),
      subCategory: plainText({ charactersMin: 1, charactersMax: 200 }).optional(),
      frequency: z.enum(['one_time', 'monthly']).default('one_time'),
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
export type RowRule = Exclude<BillingRule, { type: 'charge' }>;

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
