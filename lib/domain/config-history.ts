import { z } from 'zod';
import { BillingPeriod } from './billing-period.ts';
import { ClosedMonth } from './closed-month.ts';
import { joinTouched, type PublishedRows, Touched, touchesAdditions, touchesRows } from './touched.ts';

/** One change, or several that were joined: `count` revisions, and what they can touch together. */
export const ConfigChange = z.object({ count: z.int().positive(), touched: Touched });
export type ConfigChange = z.infer<typeof ConfigChange>;

/** The configRevision, and what the last changes up to it can touch, oldest first; of any before them nothing is known. */
export const ConfigHistory = z.object({
  revision: z.int().nonnegative(),
  changes: z.array(ConfigChange),
  /** Months that are closed: changes after their revision are not for them. */
  closed: z.record(BillingPeriod, ClosedMonth).optional(),
});
export type ConfigHistory = z.infer<typeof ConfigHistory>;

/** Before any change. */
export const NO_HISTORY: ConfigHistory = { revision: 0, changes: [] };

/** Changes that are kept apart; older ones are joined, which can only have more priced again than need be. */
const CHANGES_MOST = 64;
/** Ids of customers that one change names; with more it names all. */
const CUSTOMERS_MOST = 25;

/** Whether a change since `revision` can make these published rows come out differently. */
export function rowsChangedSince(history: ConfigHistory, revision: number, rows: PublishedRows): boolean {
  return changedSince(history, revision, (touched) => touchesRows(touched, rows));
}

/** The history as a month knows it: what was changed after it was closed is not there. */
export function historyOfMonth(history: ConfigHistory, period: BillingPeriod): ConfigHistory {
  const closed = history.closed?.[period];
  if (closed === undefined) return history;
  let upTo = history.revision;
  const changes = history.changes.toReversed().filter(({ count }) => {
    const isAfter = upTo - count >= closed.revision;
    upTo -= count;
    return !isAfter;
  });
  return { ...history, revision: Math.min(history.revision, closed.revision), changes: changes.reverse() };
}

/** Whether a change since `revision` can make a month's additions come out differently. */
export function additionsChangedSince(history: ConfigHistory, revision: number, period: BillingPeriod): boolean {
  const own = historyOfMonth(history, period);
  return changedSince(own, revision, (touched) => touchesAdditions(touched, period));
}

/** The change as it is stored: of a size that many fit into one item. */
export function storedChange(touched: Touched): ConfigChange {
  const { customers } = touched;
  return { count: 1, touched: customers.length > CUSTOMERS_MOST ? { ...touched, customers: 'all' } : touched };
}

/** The same history in at most `CHANGES_MOST` changes; undefined where it is that already. */
export function joinedHistory({ revision, changes }: ConfigHistory): ConfigHistory | undefined {
  if (changes.length <= CHANGES_MOST) return undefined;
  const joined: ConfigChange[] = [];
  for (const change of changes) {
    const last = joined.at(-1);
    if (last && JSON.stringify(last.touched) === JSON.stringify(change.touched))
      joined[joined.length - 1] = { ...last, count: last.count + change.count };
    else joined.push(change);
  }
  if (joined.length <= CHANGES_MOST / 2) return { revision, changes: joined };
  const older = joined.slice(0, -CHANGES_MOST / 2).reduce((sum, { count, touched }) => ({
    count: sum.count + count,
    touched: storedChange(joinTouched(sum.touched, touched)).touched,
  }));
  return { revision, changes: [older, ...joined.slice(-CHANGES_MOST / 2)] };
}

function changedSince(
  { revision: newest, changes }: ConfigHistory,
  revision: number,
  touches: (touched: Touched) => boolean,
): boolean {
  let upTo = newest;
  for (const { count, touched } of changes.toReversed()) {
    if (upTo <= revision) return false;
    if (touches(touched)) return true;
    upTo -= count;
  }
  return upTo > revision;
}
