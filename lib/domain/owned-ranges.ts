import type { OwnedRange, SubAccountOwner } from './assignment.ts';
import { Day } from './day.ts';

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

/** A stretch of days (half-open) with another owner than before; `owners` are those of both sides, where there are some. */
export interface ChangedOwners {
  readonly from: OwnedRange['from'];
  readonly to: OwnedRange['to'];
  readonly owners: readonly SubAccountOwner[];
}

/** The days on which two lists of ranges name different owners. */
export function changedOwners(before: readonly OwnedRange[], after: readonly OwnedRange[]): readonly ChangedOwners[] {
  const bounds = [...before, ...after].flatMap(({ from, to }) => [from ?? START_OF_TIME, to ?? END_OF_TIME]);
  const cuts = [...new Set([...bounds])].sort();
  const ownerOn = (ranges: readonly OwnedRange[], day: string) =>
    ranges.find(({ from, to }) => (from ?? START_OF_TIME) <= day && day < (to ?? END_OF_TIME))?.owner;
  return cuts.slice(0, -1).flatMap((day, index): ChangedOwners[] => {
    const [was, is] = [ownerOn(before, day), ownerOn(after, day)];
    if (was === is) return [];
    const end = cuts[index + 1] ?? END_OF_TIME;
    return [
      {
        from: day === START_OF_TIME ? null : Day.parse(day),
        to: end === END_OF_TIME ? null : Day.parse(end),
        owners: [was, is].flatMap((owner) => owner ?? []),
      },
    ];
  });
}
