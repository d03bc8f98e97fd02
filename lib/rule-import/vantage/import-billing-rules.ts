import { z } from 'zod';
import type { Condition } from '../../domain/condition.ts';
import { Day } from '../../domain/day.ts';
import { decimalText } from '../../domain/decimal-text.ts';
import { ImportRefused } from '../import-refused.ts';
import { type ImportedRules, type ImportOptions, joinImports, leftOut, type RuleDraft } from '../imported-rules.ts';

const Text = z.string().min(1).max(200);
const OptionalText = z
  .union([Text, z.literal('').transform(() => undefined), z.null().transform(() => undefined)])
  .optional();
const Amount = decimalText({ integerDigits: 16, decimals: 12 }).refine(
  (text) => !text.startsWith('-') && /[1-9]/.test(text),
  'Enter a positive number',
);
/** 0 to 1,000 percent of the cost is shown (`pricing.md` §5, `adjustment`). */
const Percentage = decimalText({ integerDigits: 4, decimals: 4 }).refine(
  (text) => Number(text) >= 0 && Number(text) <= 1_000,
  'a percentage from 0 to 1000',
);
const OptionalDay = z
  .union([Day, z.literal('').transform(() => undefined), z.null().transform(() => undefined)])
  .optional();

/** What every rule of Vantage's API has; fields that say nothing about money are passed over. */
const everyRule = {
  title: Text,
  apply_to_all: z.boolean().nullish(),
  start_date: OptionalDay,
  /** The older form: the month it begins in. */
  start_period: z
    .union([z.string().regex(/^\d{4}-\d{2}(?:-01)?$/, 'a month as yyyy-mm'), z.null().transform(() => undefined)])
    .optional(),
  end_date: OptionalDay,
};
const added = { service: Text, category: OptionalText, sub_category: OptionalText, amount: Amount };

/** One rule as Vantage's API gives it; its type is compared in lower case (`acceptance.md` VM-17). */
const VantageRule = z.preprocess(
  (input) => {
    if (typeof input !== 'object' || input === null || !('type' in input)) return input;
    return typeof input.type === 'string' ? { ...input, type: input.type.toLowerCase() } : input;
  },
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('exclusion'), ...everyRule, charge_type: Text }),
    z.object({
      type: z.literal('adjustment'),
      ...everyRule,
      percentage: Percentage,
      service: OptionalText,
      category: OptionalText,
    }),
    z.object({ type: z.literal('charge'), ...everyRule, ...added }),
    z.object({ type: z.literal('credit'), ...everyRule, ...added }),
    z.object({ type: z.literal('custom'), ...everyRule }),
  ]),
);
type VantageRule = z.infer<typeof VantageRule>;

const Source = z.union([z.array(VantageRule), z.object({ billing_rules: z.array(VantageRule) })]);

/**
 * Vantage's billing rules (the JSON of its API) as rules of ours, in their order.
 *
 * @throws ImportRefused naming the first field that is wrong; nothing is imported then
 */
export function importVantageRules(text: string, options: ImportOptions): ImportedRules {
  const parsed = Source.safeParse(jsonOf(text));
  if (!parsed.success) throw refusalOf(parsed.error);
  const rules = Array.isArray(parsed.data) ? parsed.data : parsed.data.billing_rules;
  return joinImports(
    rules.map((rule, index) => importRule(rule, `billing_rules/${index} "${rule.title}" (${rule.type})`, options)),
  );
}

function importRule(rule: VantageRule, where: string, options: ImportOptions): ImportedRules {
  const what = meaningOf(rule);
  if (typeof what === 'string') return leftOut(where, what);
  const startDate = rule.start_date ?? firstOf(rule.start_period) ?? options.startDate;
  if (startDate === undefined) return leftOut(where, 'it has no start date: name the first day of data');
  const draft: RuleDraft = {
    name: rule.title,
    ...what,
    startDate,
    ...(rule.end_date === undefined ? {} : { endDate: rule.end_date }),
    customers: rule.apply_to_all === true ? 'all' : options.customers,
  };
  return { rules: [draft], notes: [] };
}

/** The type of ours and its own fields; a text says why there is none. */
function meaningOf(rule: VantageRule): { type: string; [field: string]: unknown } | string {
  switch (rule.type) {
    case 'exclusion':
      return {
        type: 'back_out',
        mode: 'remove',
        filter: { field: 'x_ChargeType', op: 'in', values: [rule.charge_type] },
      };
    case 'adjustment': {
      const filter = adjustmentFilter(rule);
      if (typeof filter === 'string') return filter;
      return { type: 'adjustment', percentShown: rule.percentage, ...(filter === undefined ? {} : { filter }) };
    }
    case 'charge':
    case 'credit':
      return {
        type: rule.type,
        amount: rule.amount,
        serviceName: rule.service,
        category: rule.category ?? 'MSP Fee',
        subCategory: rule.sub_category ?? rule.title,
        frequency: 'one_time',
      };
    case 'custom':
      return 'it is written in SQL; a rule here is data: say it as a filter of its own';
    default:
      return rule satisfies never;
  }
}

/** Vantage's one category that a FOCUS bill tells apart is data transfer. */
function adjustmentFilter({ service, category }: { service?: string | undefined; category?: string | undefined }) {
  const tests: Condition[] = [];
  if (service !== undefined) tests.push({ field: 'ServiceName', op: 'in', values: [service] });
  if (category === 'Data Transfer') tests.push({ field: 'x_IsDataTransfer', op: 'in', values: ['true'] });
  else if (category !== undefined) return `the category "${category}" is Vantage’s own: say it as a filter`;
  const [only] = tests;
  return tests.length > 1 ? { all: tests } : only;
}

function firstOf(month: string | undefined): string | undefined {
  return month === undefined ? undefined : `${month.slice(0, 7)}-01`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = `not JSON (${error instanceof Error ? error.message : error}).`;
    throw new ImportRefused({ where: 'the file', what, next: 'Save the answer of Vantage’s API as it is.' });
  }
}

/** The innermost issue under the form that was meant: `{billing_rules}`, or the bare list. */
function refusalOf(error: z.ZodError): ImportRefused {
  const [outer] = error.issues;
  const issues = outer?.code === 'invalid_union' ? outer.errors.flat() : error.issues;
  const deepest = issues.toSorted((one, other) => other.path.length - one.path.length)[0] ?? outer;
  const where = deepest === undefined || deepest.path.length === 0 ? 'the file' : deepest.path.join('/');
  const what = `${deepest?.message ?? 'not a list of billing rules'}.`;
  return new ImportRefused({ where, what, next: 'Mend the field and import again.' });
}
