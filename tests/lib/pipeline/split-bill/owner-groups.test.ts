import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ownerGroups } from '../../../../lib/pipeline/split-bill/owner-groups.ts';

const anyOwners = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 30 }).map((counts) => {
  let next = 0;
  return counts.map((rows, number) => {
    const firstRow = next;
    next += rows;
    return { owner: `owner ${number}`, number, firstRow, lastRow: next - 1 };
  });
});

test('every owner is in one group, in its order, and every group but the last has rows enough', () => {
  fc.assert(
    fc.property(anyOwners, fc.integer({ min: 1, max: 100 }), (owners, rowsLeast) => {
      const groups = ownerGroups(owners, rowsLeast);
      expect(groups.flat()).toEqual(owners);
      for (const group of groups.slice(0, -1))
        expect(group.reduce((rows, { firstRow, lastRow }) => rows + lastRow - firstRow + 1, 0)).toBeGreaterThanOrEqual(
          rowsLeast,
        );
    }),
  );
});
