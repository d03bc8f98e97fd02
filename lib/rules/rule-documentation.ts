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

/** Fields of the rules that add an amount of their own. */
const ADDING_FIELDS: RuleDocumentation['fields'] = [
  ['currency', 'three capital letters; default: the partner’s currency, else the only one of the period’s bills'],
  ['serviceName', 'what the amount is for'],
  ['category', 'text, default `MSP Fee`; shown as a tag'],
  ['subCategory', 'text; shown as a tag'],
  ['frequency', '`one_time` (default): on the start day; `monthly`: in each calendar month that the days touch'],
];

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
    does: 'Scales what the provider billed, moves it by a part of the list price, or scales credits.',
    fields: [
      ['base', '`billed_cost`, `list_cost` or `absolute_credits`'],
      ['offsetPercent', 'decimal, −100…10000, at most 4 decimals'],
    ],
    actsOn:
      'With `billed_cost` every row but credits; with `list_cost` none of a commitment’s purchase or unused part either; tax only where the filter names it. With `absolute_credits` credits only.',
    result:
      '`billed_cost`: BilledCost, EffectiveCost, ContractedCost and ContractedUnitPrice each × (1 + offset); ListCost stays. `list_cost`: to each of them its list amount × offset is added, without resetting to list; a missing list price warns `list_price_missing`. `absolute_credits`: the four costs × (1 + offset), never below 0 times: a credit does not turn into a charge.',
    example: {
      name: 'Compute plus ten',
      type: 'rerate',
      base: 'billed_cost',
      offsetPercent: '10',
      ...every,
      filter: { field: 'ServiceCategory', op: 'in', values: ['Compute'] },
    },
  },
  operating_margin: {
    does: 'Adds the partner’s margin to the cost, or keeps a part of credits.',
    fields: [
      ['base', '`billed_cost` or `absolute_credits`'],
      ['percent', 'decimal, 0…10000, at most 4 decimals'],
    ],
    actsOn:
      'With `billed_cost` every row but credits; tax only where the filter names it. With `absolute_credits` credits only.',
    result:
      '`billed_cost`: BilledCost, EffectiveCost, ContractedCost and ContractedUnitPrice each × (1 + percent): an uplift on cost; refunds scale too. `absolute_credits`: the four costs × (1 − percent), at least × 0.',
    example: { name: 'Margin', type: 'operating_margin', base: 'billed_cost', percent: '12', ...every },
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
  adjustment: {
    does: 'Shows a percentage of what the provider billed.',
    fields: [['percentShown', 'decimal, 0…1000, at most 4 decimals: 75 shows 75 %, it is not 75 % off']],
    actsOn: 'Every row but credits; tax only where the filter names it.',
    result:
      'BilledCost, EffectiveCost, ContractedCost and ContractedUnitPrice each × percentShown / 100. ListCost stays.',
    example: {
      name: 'Three quarters of data transfer',
      type: 'adjustment',
      ...every,
      percentShown: '75',
      filter: { field: 'x_IsDataTransfer', op: 'in', values: ['true'] },
    },
  },
  fixed_rate: {
    does: 'Charges one price per unit.',
    fields: [
      ['rate', 'decimal, 0 or above, at most 10 digits in all'],
      ['pricingUnit', 'the PricingUnit that the rate is for, compared exactly'],
    ],
    actsOn:
      'Rows in that unit that have a quantity, but no credits and neither a commitment’s purchase nor its unused part; tax only where the filter names it.',
    result:
      'ContractedUnitPrice = rate, BilledCost = EffectiveCost = ContractedCost = rate × PricingQuantity. ListCost stays.',
    example: {
      name: 'A quarter an hour',
      type: 'fixed_rate',
      ...every,
      rate: '0.25',
      pricingUnit: 'Hours',
      filter: { field: 'x_InstanceType', op: 'in', values: ['m5.large'] },
    },
  },
  tiered_rate: {
    does: 'Charges graduated prices per unit: the more is used in a month, the next tier’s price for what lies in it.',
    fields: [
      ['tiers', 'list of `{from, rate}`: the first from 0, each from a higher quantity'],
      ['pricingUnit', 'the PricingUnit that the rates are for, compared exactly'],
      ['aggregate', '`customer` or `sub_account`: whose quantities are counted together'],
    ],
    actsOn: 'The same rows as `fixed_rate`.',
    result:
      'The counter runs over the rows that the rule is applied to, per billing period and integration, in order of ChargePeriodStart, SubAccountId and row id. A row that crosses a bound becomes one row per tier in the customer’s ledger; quantities and amounts add up exactly. A negative quantity goes back down the tiers.',
    example: {
      name: 'Storage by volume',
      type: 'tiered_rate',
      ...every,
      tiers: [
        { from: '0', rate: '0.0184' },
        { from: '51200', rate: '0.0177' },
      ],
      pricingUnit: 'GB-Month',
      aggregate: 'customer',
    },
  },
  charge: {
    does: 'Adds a fee of the partner’s own to each customer in scope, whether it has rows or not. It has no filter.',
    fields: [['amount', 'decimal above 0, at most 12 decimals'], ...ADDING_FIELDS],
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
  credit: {
    does: 'Gives each customer in scope an amount back, whether it has rows or not. It has no filter.',
    fields: [['amount', 'decimal above 0, at most 12 decimals'], ...ADDING_FIELDS],
    actsOn: 'No row: it adds one.',
    result: 'As a charge, but of ChargeCategory `Credit` with the amount below 0.',
    example: {
      name: 'Welcome',
      type: 'credit',
      ...every,
      amount: '50',
      currency: 'USD',
      serviceName: 'Acme Managed Services',
    },
  },
  percentage_charge: {
    does: 'Adds a percentage of what each customer is charged in a month: a management fee, a support plan.',
    fields: [
      ['percent', 'decimal, 0…10000, at most 4 decimals; or `tiers`'],
      [
        'tiers',
        'list of `{upTo, percent}`, each up to a higher amount, the last without `upTo`; each takes what lies in it',
      ],
      ['minimum', 'decimal, 0 or above: never less than this, for a customer with any row in the month'],
      ['as', '`charge` (default) or `credit`'],
    ],
    actsOn:
      'No row: it adds one. It counts the rows that its filter and its days take in, charges and credits of this kind included, tax only where the filter names it.',
    result:
      'A row of the calendar month with the percentage of their BilledCost in all four costs, per currency. A sum below 0 counts as 0; as a credit the sign is turned last.',
    example: {
      name: 'Support',
      type: 'percentage_charge',
      ...every,
      tiers: [{ upTo: '10000', percent: '10' }, { upTo: '80000', percent: '7' }, { percent: '3' }],
      minimum: '100',
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
