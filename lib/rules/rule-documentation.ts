import type { RuleType } from '../domain/billing-rule.ts';

/** What the documentation says of one rule type. */
interface RuleDocumentation {
  readonly does: string;
  /** Its own fields, with what they hold. */
  readonly fields: readonly (readonly [name: string, holds: string])[];
  readonly actsOn: string;
  readonly result: string;
  /** A whole rule as it is sent. */
  readonly example: Readonly<Record<string, unknown>>;
}

const every = { startDate: '2025-03-01', customers: 'all' } as const;

/** Every type; one without its documentation does not compile. Examples are parsed by a test. */
export const RULE_DOCUMENTATION: { readonly [Type in RuleType]: RuleDocumentation } = {
  adjust_to_list: {
    does: 'Charges the provider’s public list price, with or without an offset.',
    fields: [['offsetPercent', 'decimal, −100…10000, at most 4 decimals; default `"0"`']],
    actsOn:
      'Every row but credits, the purchase of a commitment and its unused part; tax only where the filter names it (`ChargeCategory` `in` … `Tax`).',
    result:
      'BilledCost = EffectiveCost = ContractedCost = ListCost × (1 + offset), ContractedUnitPrice = ListUnitPrice × (1 + offset). The commitment columns become null and PricingCategory `Standard`. Where the list price is missing the row stays as it is and the run warns `list_price_missing`.',
    example: { name: 'List plus five', type: 'adjust_to_list', ...every, offsetPercent: '5' },
  },
  rerate: {
    does: 'Scales what the provider billed.',
    fields: [
      ['base', '`billed_cost`'],
      ['offsetPercent', 'decimal, −100…10000, at most 4 decimals'],
    ],
    actsOn: 'Every row but credits; tax only where the filter names it.',
    result: 'BilledCost, EffectiveCost, ContractedCost and ContractedUnitPrice each × (1 + offset). ListCost stays.',
    example: {
      name: 'Compute plus ten',
      type: 'rerate',
      base: 'billed_cost',
      offsetPercent: '10',
      ...every,
      filter: { field: 'ServiceCategory', op: 'in', values: ['Compute'] },
    },
  },
  back_out: {
    does: 'Keeps rows from the customer: a discount that is the partner’s, a tax that is not passed on.',
    fields: [['mode', '`remove` (default): the row leaves the customer’s bill; `zero`: it stays, at a cost of 0']],
    actsOn: 'Every row.',
    result:
      'The row is gone, or its four costs are 0 (also those that were null) and its unit prices 0 where it had some. The cost ledger keeps it. Where an earlier rule of another type won, the run warns `back_out_shadowed`.',
    example: {
      name: 'Keep the distributor discount',
      type: 'back_out',
      ...every,
      filter: { field: 'x_ChargeType', op: 'in', values: ['DistributorDiscount'] },
    },
  },
  charge: {
    does: 'Adds a fee of the partner’s own to each customer in scope, whether it has rows or not. It has no filter.',
    fields: [
      ['amount', 'decimal above 0, at most 12 decimals'],
      ['currency', 'three capital letters; default: the partner’s currency, else the only one of the period’s bills'],
      ['serviceName', 'what the fee is for'],
      ['category', 'text, default `MSP Fee`; shown as a tag'],
      ['subCategory', 'text; shown as a tag'],
      ['frequency', '`one_time` (default): on the start day; `monthly`: in each calendar month that the days touch'],
    ],
    actsOn: 'No row: it adds one.',
    result:
      'A row of ChargeCategory `Adjustment` with the amount in all four costs and the rule’s name as ChargeDescription. It belongs to the customer, the period and the currency, never to an integration, and is never booked twice.',
    example: {
      name: 'Management fee',
      type: 'charge',
      ...every,
      amount: '300',
      currency: 'USD',
      serviceName: 'Acme Managed Services',
      frequency: 'monthly',
    },
  },
};

/** The page `docs/rule-types.md`. */
export function ruleTypesPage(): string {
  const types = Object.entries(RULE_DOCUMENTATION).map(([type, documentation]) => section(type, documentation));
  return `${INTRODUCTION}\n${types.join('\n')}`;
}

const INTRODUCTION = `# Types of billing rules

What each type does to the rows it is applied to. What every rule has, and which rule wins: [rules.md](rules.md). This page
is written by \`lib/rules/rule-documentation.ts\`.
`;

function section(type: string, { does, fields, actsOn, result, example }: RuleDocumentation): string {
  const rows = fields.map(([name, holds]) => `| \`${name}\` | ${holds} |`);
  return `## ${type}

${does}

| field | holds |
|---|---|
${rows.join('\n')}

**Acts on.** ${actsOn}

**Result.** ${result}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`
`;
}
