import type { TouchedDays } from '../ask-repricing.ts';

/** The days that ranges cover together; an open bound wins. */
export function touchedBy(ranges: readonly TouchedDays[]): TouchedDays {
  const froms = ranges.map(({ from }) => from);
  const tos = ranges.map(({ to }) => to);
  return {
    from: froms.includes(null) ? null : (froms.sort()[0] ?? null),
    to: tos.includes(null) ? null : (tos.sort().at(-1) ?? null),
  };
}
