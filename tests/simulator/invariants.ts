import { isPinned } from '../../lib/domain/is-ahead.ts';
import { PeriodState } from '../../lib/domain/period-state.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { listsOf } from './lists-of-pointers.ts';
import { linesOf } from './published.ts';
import type { World } from './world.ts';

/** Files that no two attempts ever write: whoever reads one reads what was reconciled. */
const WRITTEN_ONCE =
  /^(results|partner\/costs|partner\/waterfall)\/|^deliveries\/[^/]+\/(answers|text)\/|^runs\/[^/]+\/(lists|split)\//;
const LIST = /^(partner\/)?published\//;

/** Watches a world while it runs for what must hold at every moment; answers what it has seen broken. */
export function watch(world: World): readonly string[] {
  const broken: string[] = [];
  const say = (what: string) => {
    world.trace(`BROKEN ${what}`);
    broken.push(what);
  };
  const lists = new Map<string, readonly string[]>();
  /** The lists of each published run, by the period whose pointer names it. */
  const due = new Map<string, ReadonlyMap<string, string>>();
  world.lake.onWrite = (key, before, after) => {
    if (before !== undefined && after !== undefined && WRITTEN_ONCE.test(key))
      say(`a file that is written once was changed: ${short(key)}`);
    if (after === undefined && WRITTEN_ONCE.test(key)) {
      world.occurrences.note('lake swept');
      const named = [...lists.values()].some((uris) => uris.includes(`s3://${world.lake.name}/${key}`));
      if (named) say(`a file that a list names was deleted: ${short(key)}`);
    }
    if (!LIST.test(key)) return;
    const uris = linesOf(after?.toString('utf8') ?? '');
    lists.set(key, uris);
    const was = before?.toString('utf8');
    const isDue = was !== undefined && [...due.values()].some((of) => of.get(key) === was);
    if (isDue && after?.toString('utf8') !== was) say(`a list of the published run was written over: ${short(key)}`);
    for (const uri of uris)
      if (world.lake.bytes(uri.replace(`s3://${world.lake.name}/`, '')) === undefined)
        say(`a list names a file that is not there: ${short(key)}`);
  };
  world.tables.onChange = (_, before, after) => {
    if (!String(after?.pk ?? '').startsWith('PERIOD#')) return;
    const [was, is] = [PeriodState.safeParse(before).data, PeriodState.parse(after)];
    if (was === undefined) return;
    noteExpiredLease(world, was, is);
    const [old, now] = [was.published, is.published];
    if (now === null || old?.runId === now.runId) return;
    const publication = world.lake.bytes(LAKE.publication(now.runId))?.toString('utf8');
    if (publication !== undefined) due.set(String(after?.pk), listsOf(world.lake.name, publication));
    const { pinned } = is;
    if (pinned && pinned.at !== was.pinned?.at) {
      if (!was.earlier?.some(({ runId }) => runId === now.runId))
        say(`${is.integrationId} ${is.period} was taken back to a run that it never published`);
      if (pinned.deliverySeq !== was.wanted.deliverySeq)
        say(`${is.integrationId} ${is.period} was pinned over a newer delivery`);
      return;
    }
    if (isPinned(was)) say(`a run was published over the pin of ${is.integrationId} ${is.period}`);
    if (is.lease?.runId !== now.runId) say(`a run without the lease published ${is.integrationId} ${is.period}`);
    if (old === null) return;
    if (now.deliverySeq < old.deliverySeq) say(`an older delivery of ${is.integrationId} ${is.period} was published`);
    if (now.configRevision < old.configRevision)
      say(`an older configuration of ${is.integrationId} ${is.period} was published`);
  };
  return broken;
}

/** A lease that its own run renews, gives back or publishes under after it had run out. */
function noteExpiredLease(world: World, was: PeriodState, is: PeriodState): void {
  if (was.lease === null || Date.parse(was.lease.expiresAt) > world.scheduler.now()) return;
  if (is.lease?.runId === was.lease.runId && is.lease.expiresAt !== was.lease.expiresAt)
    world.occurrences.note('lease expired in mid-step');
}

function short(key: string): string {
  return key.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{40}/g, '…');
}
