import type { Assignment, OwnedRange, SubAccountOwner } from '../../domain/assignment.ts';
import { UNASSIGNED } from '../../names/tables.ts';

/** Days are text that sorts; an open start sorts before every day, an open end after. */
const OPEN_START = '';
const OPEN_END = '~';

/** A sub account as its rows name it. */
export interface DeliveredSubAccount {
  readonly SubAccountId: string;
  readonly ProviderName: string | null;
}

/** Who owns a sub account's rows in a half-open range of days; null is unbounded. */
export interface OwnedDays {
  readonly owner: SubAccountOwner | typeof UNASSIGNED;
  readonly from: string | null;
  readonly to: string | null;
}

/** Finds the owners of a delivered sub account. */
export type OwnerResolver = (subAccount: DeliveredSubAccount) => readonly OwnedDays[];

/**
 * Who owns which sub account when. The answer for one sub account covers all of time once: ranges touch and never
 * overlap, so a row has exactly one owner, by its ChargePeriodStart. Ids ignore the case of ASCII letters
 * (`pricing.md` §4); on days where an assignment for the row's own provider says something, one for any provider
 * does not count. A customer that is not among `customers` owns nothing.
 */
export function ownerResolver(assignments: readonly Assignment[], customers: ReadonlySet<string>): OwnerResolver {
  const byId = Map.groupBy(assignments, ({ subAccountId }) => lowerAscii(subAccountId));
  const isKnown = ({ owner }: OwnedRange) => owner === 'partner' || customers.has(owner);
  const rangesOf = (found: readonly Assignment[], provider: string | null) =>
    found.filter((assignment) => assignment.provider === provider).flatMap(({ ranges }) => ranges.filter(isKnown));
  return ({ SubAccountId, ProviderName }) => {
    const found = byId.get(lowerAscii(SubAccountId)) ?? [];
    return overlay(ProviderName === null ? [] : rangesOf(found, ProviderName), rangesOf(found, null));
  };
}

/** Lower case for the letters A to Z only: what ids ignore. */
export function lowerAscii(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Cuts time where any range begins or ends; on each piece `above` wins over `below`, and what neither owns is unassigned. */
function overlay(above: readonly OwnedRange[], below: readonly OwnedRange[]): readonly OwnedDays[] {
  const edges = [...above, ...below].flatMap(({ from, to }) => [from ?? OPEN_START, to ?? OPEN_END]);
  const cuts = [...new Set([OPEN_START, ...edges, OPEN_END])].sort();
  const ownerFrom = (day: string): OwnedDays['owner'] =>
    [...above, ...below].find(({ from, to }) => (from ?? OPEN_START) <= day && day < (to ?? OPEN_END))?.owner ??
    UNASSIGNED;
  const pieces: OwnedDays[] = [];
  for (const [index, from] of cuts.slice(0, -1).entries()) {
    const owner = ownerFrom(from);
    const to = cuts[index + 1] ?? OPEN_END;
    const last = pieces.at(-1);
    const piece = { owner, from: from === OPEN_START ? null : from, to: to === OPEN_END ? null : to };
    if (last?.owner === owner) pieces[pieces.length - 1] = { ...last, to: piece.to };
    else pieces.push(piece);
  }
  return pieces;
}
