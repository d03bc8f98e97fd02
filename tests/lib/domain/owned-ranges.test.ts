import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OwnedRange } from '../../../lib/domain/assignment.ts';
import { Day } from '../../../lib/domain/day.ts';
import { addRange, findOverlap, inOrder, overlap } from '../../../lib/domain/owned-ranges.ts';
import { customerId } from '../ports/ids-of-test.ts';

const FIRST = Date.UTC(2025, 0, 1);
const DAYS = 40;
const dayOf = (number: number) => Day.parse(new Date(FIRST + number * 86_400_000).toISOString().slice(0, 10));
const EVERY_DAY = Array.from({ length: DAYS }, (_, number) => dayOf(number));

/** A half-open range of at least one day, open on either side now and then. */
const anyRange: fc.Arbitrary<OwnedRange> = fc
  .record({
    owner: fc.constantFrom(customerId(1), customerId(2), 'partner' as const),
    start: fc.integer({ min: 0, max: DAYS - 2 }),
    length: fc.integer({ min: 1, max: 10 }),
    openStart: fc.integer({ min: 0, max: 5 }),
    openEnd: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ owner, start, length, openStart, openEnd }) => ({
    owner,
    from: openStart === 0 ? null : dayOf(start),
    to: openEnd === 0 ? null : dayOf(start + length),
  }));

/** The meaning of ranges: who owns a day. */
const ownersOn = (ranges: readonly OwnedRange[], day: string) =>
  ranges
    .filter(({ from, to }) => (from === null || from <= day) && (to === null || day < to))
    .map(({ owner }) => owner);

/** Ranges that were added one after the other, refused ones left out. */
const anyRanges = fc.array(anyRange, { maxLength: 8 }).map((added) =>
  added.reduce<readonly OwnedRange[]>((ranges, range) => {
    const result = addRange(ranges, range);
    return 'ranges' in result ? result.ranges : ranges;
  }, []),
);

describe('Ownership by days', () => {
  test('overlaps where two ranges share a day, and nowhere else', async () => {
    await fc.assert(
      fc.property(anyRange, anyRange, (one, other) => {
        const shared = EVERY_DAY.some((day) => ownersOn([one], day).length + ownersOn([other], day).length === 2);
        const bothOpen = (one.from === null && other.from === null) || (one.to === null && other.to === null);
        expect(overlap(one, other)).toBe(shared || bothOpen);
        expect(overlap(other, one)).toBe(overlap(one, other));
      }),
    );
  });

  test('finds an overlap among many wherever there is one', async () => {
    await fc.assert(
      fc.property(fc.array(anyRange, { maxLength: 6 }), (ranges) => {
        const any = ranges.some((one, index) => ranges.slice(index + 1).some((other) => overlap(one, other)));
        const found = findOverlap(ranges);
        expect(found !== undefined).toBe(any);
        if (found) expect(overlap(...found)).toBe(true);
      }),
    );
  });

  test('has one owner a day, whatever was added', async () => {
    await fc.assert(
      fc.property(anyRanges, (ranges) => {
        for (const day of EVERY_DAY) expect(ownersOn(ranges, day).length).toBeLessThanOrEqual(1);
        expect(findOverlap(ranges)).toBeUndefined();
        expect(inOrder(ranges)).toEqual(ranges);
      }),
    );
  });

  test('gives an owner exactly the days it had and the days added, and nobody else any', async () => {
    await fc.assert(
      fc.property(anyRanges, anyRange, (before, added) => {
        const result = addRange(before, added);
        for (const day of EVERY_DAY) {
          const wanted = ownersOn([...before, added], day);
          if ('ranges' in result) expect(ownersOn(result.ranges, day)).toEqual([...new Set(wanted)]);
        }
      }),
    );
  });

  test('refuses days of another owner, naming the range they are in, and only those', async () => {
    await fc.assert(
      fc.property(anyRanges, anyRange, (before, added) => {
        const result = addRange(before, added);
        const others = before.filter((range) => range.owner !== added.owner && overlap(range, added));
        expect('conflict' in result).toBe(others.length > 0);
        if ('conflict' in result) expect(others).toContainEqual(result.conflict);
      }),
    );
  });

  test('adds what is there already without a change', async () => {
    await fc.assert(
      fc.property(anyRanges, (ranges) => {
        for (const range of ranges) expect(addRange(ranges, range)).toEqual({ ranges });
      }),
    );
  });
});
