import type { OwnerRows } from './shard-rows.ts';

/** Owners that stand side by side in a shard's table and are written together. */
export type OwnerGroup = readonly [OwnerRows, ...OwnerRows[]];

/**
 * Deals owners, in their order, into groups of at least `rowsLeast` rows each (the last may have fewer). A statement of
 * 57 columns takes tens of milliseconds to plan, as long as a small customer's rows take to write: a group plans it once.
 */
export function ownerGroups(owners: readonly OwnerRows[], rowsLeast: number): readonly OwnerGroup[] {
  const groups: [OwnerRows, ...OwnerRows[]][] = [];
  let rows = rowsLeast;
  for (const owner of owners) {
    const group = groups.at(-1);
    if (group && rows < rowsLeast) group.push(owner);
    else {
      groups.push([owner]);
      rows = 0;
    }
    rows += owner.lastRow - owner.firstRow + 1;
  }
  return groups;
}
