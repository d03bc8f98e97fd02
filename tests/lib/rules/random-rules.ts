import fc from 'fast-check';
import { anyFilter } from './random-filters.ts';

const anyPercent = fc
  .tuple(fc.integer({ min: -1_000_000, max: 100_000_000 }), fc.constantFrom(1, 100, 10_000))
  .map(([units, step]) => Math.trunc(units / step) * step)
  .map(
    (units) =>
      `${units < 0 ? '-' : ''}${Math.trunc(Math.abs(units) / 10_000)}.${String(Math.abs(units) % 10_000).padStart(4, '0')}`,
  );

const anyDates = fc.constantFrom(
  { startDate: '2025-03-01' },
  { startDate: '2025-01-01', endDate: '2025-03-31' },
  { startDate: '2025-03-01', endDate: '2025-03-31' },
  { startDate: '2025-04-01' },
);
const anyKind = fc.oneof(
  anyPercent.map((offsetPercent) => ({ type: 'adjust_to_list', offsetPercent })),
  fc
    .tuple(anyPercent, fc.constantFrom('billed_cost', 'list_cost', 'absolute_credits'))
    .map(([offsetPercent, base]) => ({ type: 'rerate', base, offsetPercent })),
  fc
    .tuple(anyPercent, fc.constantFrom('billed_cost', 'absolute_credits'))
    .map(([percent, base]) => ({ type: 'operating_margin', base, percent: percent.replace('-', '') })),
  fc.constantFrom('0', '75', '999.9999').map((percentShown) => ({ type: 'adjustment', percentShown })),
  fc
    .tuple(fc.constantFrom('0', '0.25', '0.0000000184', '9999.999999', '1234567.891'), fc.constantFrom('Hours', 'GB'))
    .map(([rate, pricingUnit]) => ({ type: 'fixed_rate', rate, pricingUnit })),
  fc.constantFrom('remove', 'zero').map((mode) => ({ type: 'back_out', mode })),
);

/** Rules of every row type over the days and owners of `anyRow`, some switched off, in the wire form. */
export const anyRule: fc.Arbitrary<Readonly<Record<string, unknown>>> = fc
  .tuple(
    anyKind,
    anyDates,
    fc.option(anyFilter, { nil: undefined }),
    fc.constantFrom<'all' | string[]>('all', ['cus_contoso00000']),
    fc.boolean(),
  )
  .map(([kind, dates, filter, customers, isOften]) => ({
    ...kind,
    ...dates,
    ...(filter === undefined ? {} : { filter }),
    customers,
    enabled: isOften || dates.endDate === undefined,
  }));
