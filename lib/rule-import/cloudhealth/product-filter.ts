import type { Condition } from '../../domain/condition.ts';
import type { Inclusion, Narrowing, PriceBookProduct } from './price-book.ts';

/** What a product selects as a filter of ours, or why ours cannot say it. */
export type ProductFilter = { readonly filter: Condition } | { readonly cannot: string };

type Attributes = Readonly<Record<string, string>>;

/** One element of a kind → our test of it; a text says why there is none. A new kind does not compile without a line. */
const TESTS: { readonly [Kind in Narrowing]: (attributes: Attributes) => Condition | string } = {
  UsageType: ({ name }) => named(name, (value) => ({ field: 'x_UsageType', op: 'wildcard', values: [value] })),
  Operation: ({ name }) => named(name, (value) => ({ field: 'x_Operation', op: 'wildcard', values: [value] })),
  Region: ({ name }) => named(name, (value) => ({ field: 'RegionId', op: 'in', values: [value] })),
  RecordType: ({ name }) => named(name, (value) => ({ field: 'x_ChargeType', op: 'in', values: [value] })),
  InstanceProperties: instanceTest,
  LineItemDescription: descriptionTest,
  SavingsPlanOfferingType: () => 'a bill in FOCUS does not say which kind of savings plan was offered',
};

/**
 * The filter of one product of a rule. What the product says of data transfer and purchases goes before what the rule
 * says (`acceptance.md` CH-14). Kinds hold together, values of one kind are alternatives.
 */
export function productFilter(product: PriceBookProduct, rule: Inclusion): ProductFilter {
  const tests: Condition[] = [];
  if (product.productName !== null) tests.push({ field: 'ServiceName', op: 'in', values: [product.productName] });
  for (const [kind, elements] of product.narrowings) {
    const alternatives = elements.map((attributes) => TESTS[kind](attributes));
    const cannot = alternatives.find((one) => typeof one === 'string');
    if (typeof cannot === 'string') return { cannot: `${kind}: ${cannot}` };
    tests.push(anyOf(alternatives.filter((one) => typeof one !== 'string')));
  }
  if (!(product.includeDataTransfer ?? rule.includeDataTransfer ?? true)) {
    tests.push({ field: 'x_IsDataTransfer', op: 'notIn', values: ['true'] });
  }
  if (!(product.includeRIPurchases ?? rule.includeRIPurchases ?? true)) tests.push({ not: COMMITMENT_PURCHASE });
  return { filter: { all: [...tests, ...NEVER_REPRICED] } };
}

/** One filter that holds where any of them does. */
export function anyOf(filters: readonly Condition[]): Condition {
  const [only, ...more] = filters;
  return only !== undefined && more.length === 0 ? only : { any: [...filters] };
}

/** CloudHealth passes over marketplace and support lines (`acceptance.md` §5); tax and credits ours leave alone anyway. */
const NEVER_REPRICED: readonly Condition[] = [
  { field: 'x_IsMarketplace', op: 'notIn', values: ['true'] },
  { field: 'x_IsSupport', op: 'notIn', values: ['true'] },
];

const COMMITMENT_PURCHASE: Condition = {
  all: [
    { field: 'ChargeCategory', op: 'in', values: ['Purchase'] },
    { field: 'CommitmentDiscountType', op: 'exists' },
  ],
};

function named(name: string | undefined, test: (value: string) => Condition): Condition | string {
  return name === undefined || name === '' ? 'it has no name' : test(name);
}

/** `reserved` is usage that a commitment covered. Sizes are the part of an instance type behind its point. */
function instanceTest({ instanceType, instanceSize, reserved, ...more }: Attributes): Condition | string {
  const [stranger] = Object.keys(more);
  if (stranger !== undefined) return `the attribute ${stranger} is not known`;
  const tests: Condition[] = [];
  if (instanceType)
    tests.push({ field: 'x_InstanceType', op: 'wildcard', values: [instanceType, `${instanceType}.*`] });
  if (instanceSize) tests.push({ field: 'x_InstanceType', op: 'wildcard', values: [`*.${instanceSize}`] });
  if (reserved === 'true') tests.push({ field: 'CommitmentDiscountStatus', op: 'in', values: ['Used'] });
  if (reserved === 'false') tests.push({ field: 'CommitmentDiscountStatus', op: 'notExists' });
  return tests.length === 0 ? 'it names neither type nor size nor reserved' : { all: tests };
}

function descriptionTest(attributes: Attributes): Condition | string {
  const tests: (Condition | string)[] = Object.entries(attributes).map(([how, value]) => {
    if (how === 'startsWith') return { field: 'ChargeDescription', op: 'startsWith', values: [value] };
    if (how === 'contains') return { field: 'ChargeDescription', op: 'contains', values: [value] };
    if (how === 'matchesRegex') return { field: 'ChargeDescription', op: 'matches', values: [value] };
    return `the attribute ${how} is not known`;
  });
  const cannot = tests.find((one) => typeof one === 'string');
  if (typeof cannot === 'string') return cannot;
  return tests.length === 0 ? 'it says nothing to look for' : { all: tests.filter((one) => typeof one !== 'string') };
}
