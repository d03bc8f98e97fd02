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
  anyPercent.map((offsetPercent) => ({ type: 'rerate', base: 'billed_cost', offsetPercent })),
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
