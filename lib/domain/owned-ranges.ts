import type { OwnedRange } from './assignment.ts';

/** Adjacent to every day: an open bound sorts before or after all of them. */
const START_OF_TIME = '';
const END_OF_TIME = '~';

/** True where two half-open ranges share a day. */
export function overlap(a: OwnedRange, b: OwnedRange): boolean {
  return (a.from ?? START_OF_TIME) < (b.to ?? END_OF_TIME) && (b.from ?? START_OF_TIME) < (a.to ?? END_OF_TIME);
}

/** The first pair of ranges that share a day, in order of time. */
export function findOverlap(ranges: readonly OwnedRange[]): readonly [OwnedRange, OwnedRange] | undefined {
  const sorted = inOrder(ranges);
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && overlap(range, next)) return [range, next];
  }
  return undefined;
}

/**
 * Adds a range: joined with the same owner's ranges that it touches or overlaps; the range of another owner that it
 * overlaps is returned as the conflict and nothing is added.
 */
export function addRange(
  ranges: readonly OwnedRange[],
  added: OwnedRange,
): { ranges: readonly OwnedRange[] } | { conflict: OwnedRange } {
  const conflict = ranges.find((range) => range.owner !== added.owner && overlap(range, added));
  if (conflict) return { conflict };
  const joins = (range: OwnedRange) => range.owner === added.owner && touches(range, added);
  const joined = ranges.filter(joins).reduce(
    (whole, range) => ({
      owner: added.owner,
      from: earlierStart(whole.from, range.from),
      to: laterEnd(whole.to, range.to),
    }),
    added,
  );
  return { ranges: inOrder([...ranges.filter((range) => !joins(range)), joined]) };
}

/** Ranges by their start. */
export function inOrder(ranges: readonly OwnedRange[]): OwnedRange[] {
  return [...ranges].sort((a, b) => ((a.from ?? START_OF_TIME) < (b.from ?? START_OF_TIME) ? -1 : 1));
}

function touches(a: OwnedRange, b: OwnedRange): boolean {
  return (a.from ?? START_OF_TIME) <= (b.to ?? END_OF_TIME) && (b.from ?? START_OF_TIME) <= (a.to ?? END_OF_TIME);
}

function earlierStart(a: OwnedRange['from'], b: OwnedRange['from']): OwnedRange['from'] {
  return (a ?? START_OF_TIME) < (b ?? START_OF_TIME) ? a : b;
}

function laterEnd(a: OwnedRange['to'], b: OwnedRange['to']): OwnedRange['to'] {
  return (a ?? END_OF_TIME) > (b ?? END_OF_TIME) ? a : b;
}
