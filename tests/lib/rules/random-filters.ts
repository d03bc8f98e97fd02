import fc from 'fast-check';
import { type Condition, ExistenceOperator, type Leaf, ValueOperator } from '../../../lib/domain/condition.ts';
import type { RowOfTest } from './delivered-table.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';

/** Few enough texts to meet often, in both cases of letters, some of them hostile. */
export const anyText = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'ab',
    'AB',
    'aB',
    'abc',
    'b',
    'ba',
    'dev',
    'Usage',
    'Credit',
    'Tax',
    'Purchase',
    'a\nb',
    '',
  ),
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'grapheme', maxLength: 4 }).filter((text) => text.isWellFormed() && !text.includes('\u0000')),
);

const anyWildcard = fc
  .array(fc.oneof(anyText, fc.constant('*')), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''));
/** Patterns of every construct that a filter may have. */
const anyPattern = fc.constantFrom(
  'a',
  '^A',
  'b$',
  'a.b',
  'a\\sb',
  '[A-B]+c?',
  '[^A-Z]',
  '(?i)ab',
  '(?:ab|dev){1,2}',
  '^$',
  '\\W',
  "o'|\\\\",
  '\\p{L}{3}',
  '^a*?$',
);
const FIELDS = ['ServiceName', 'SubAccountId', 'RegionId', 'ChargeCategory', 'x_ChargeType'] as const;
const KEYS = ['env', "o'k", '__proto__'] as const;

const anySubject: fc.Arbitrary<{ field: 'Tags'; key: string } | { field: (typeof FIELDS)[number] }> = fc.oneof(
  fc.constantFrom(...FIELDS).map((field) => ({ field })),
  fc.constantFrom(...KEYS).map((key) => ({ field: 'Tags' as const, key })),
);

export const anyLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  fc
    .tuple(
      anySubject,
      fc.constantFrom(...ValueOperator.options),
      fc.array(fc.oneof(anyText, anyWildcard), { minLength: 1, maxLength: 3 }),
    )
    .chain(([subject, op, values]) =>
      (op === 'matches' ? fc.array(anyPattern, { minLength: 1, maxLength: 2 }) : fc.constant(values)).map((of) => ({
        ...subject,
        op,
        values: of,
      })),
    ),
  fc.tuple(anySubject, fc.constantFrom(...ExistenceOperator.options)).map(([subject, op]) => ({ ...subject, op })),
);

/** Filters of every form, up to four groups deep. */
export const anyFilter: fc.Arbitrary<Condition> = fc.letrec<{ tree: Condition }>((tie) => {
  const parts = fc.array(tie('tree'), { minLength: 1, maxLength: 3 });
  return {
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      anyLeaf,
      parts.map((all) => ({ all })),
      parts.map((any) => ({ any })),
      tie('tree').map((not) => ({ not })),
    ),
  };
}).tree;

const anyAmount = fc.option(
  fc
    .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.constantFrom(0, 2, 6, 12))
    .map(([units, scale]) => decimalOf(units, scale)),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value);

/** Rows with nulls everywhere, amounts of every scale, starts around a month's bounds. */
export const anyRow: fc.Arbitrary<RowOfTest> = fc.record({
  ServiceName: maybe(anyText),
  SubAccountId: maybe(anyText),
  RegionId: maybe(anyText),
  x_ChargeType: maybe(anyText),
  ChargeCategory: fc.oneof(maybe(fc.constantFrom('Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment')), anyText),
  CommitmentDiscountId: maybe(fc.constantFrom('ri-1', 'ri-2')),
  CommitmentDiscountStatus: maybe(fc.constantFrom('Used', 'Unused')),
  ChargePeriodStart: fc.constantFrom(
    '2025-02-28 23:59:59.999',
    '2025-03-01 00:00:00.000',
    '2025-03-31 23:00:00.000',
    '2025-04-01 00:00:00.000',
  ),
  x_Owner: fc.constantFrom('cus_contoso00000', 'cus_fabrikam0000', 'unassigned', 'partner'),
  PricingUnit: maybe(fc.constantFrom('Hours', 'GB')),
  PricingQuantity: maybe(fc.constantFrom('0', '-10', '744', '0.000000000001', '60000.5')),
  Tags: maybe(fc.dictionary(fc.constantFrom(...KEYS), anyText, { noNullPrototype: true })),
  BilledCost: anyAmount,
  EffectiveCost: anyAmount,
  ContractedCost: anyAmount,
  ListCost: fc.oneof(anyAmount, fc.constant('0')),
  ContractedUnitPrice: anyAmount,
  ListUnitPrice: anyAmount,
});

function decimalOf(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}
