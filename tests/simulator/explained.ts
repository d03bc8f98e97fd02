import type { Delivery } from '../../lib/domain/delivery.ts';
import { isAhead } from '../../lib/domain/is-ahead.ts';
import type { PeriodState } from '../../lib/domain/period-state.ts';
import type { Run } from '../../lib/domain/run.ts';
import type { Landing, Landings } from './landings.ts';
import { type Records, recordsOf } from './records.ts';
import type { World } from './world.ts';

/** Faults that may end a run or a delivery; each at most once. */
const MAY_END: ReadonlySet<string> = new Set([
  'crash',
  'call',
  'pause',
  'worker',
  'message',
  'query',
  'task',
  'abort',
  'end_event',
]);

/** What a fault has ended with a reason, and what of it the partner could have tried again instead of the provider. */
export interface Ended {
  readonly landing: Landing;
  readonly able:
    | { readonly kind: 'release'; readonly id: string }
    | { readonly kind: 'redrive'; readonly id: string }
    | null;
}

/**
 * Holds what has not come to its end against the faults that there were, before they are taken away. Answers what no
 * fault explains, and what has to be tried again because a fault ended it.
 */
export async function explained(
  world: World,
  landings: Landings,
): Promise<{ readonly unexplained: readonly string[]; readonly ended: readonly Ended[] }> {
  const records = await recordsOf(world);
  const { runs, deliveries } = records;
  const unexplained: string[] = [];
  const faults = world.faults.map(({ kind }) => kind);
  // Bytes that are others now are refused as often as they are read.
  const isSpoiled = faults.some((kind) => kind === 'landing' || kind === 'result_altered');
  const failed = [...runs, ...deliveries].filter(({ status }) => status === 'Failed').length;
  const endings = faults.filter((kind) => MAY_END.has(kind)).length;
  if (failed > endings && !isSpoiled) unexplained.push(`${failed} runs and deliveries failed of ${endings} faults`);
  for (const { id, status, reason } of [...runs, ...deliveries])
    if (status === 'Quarantined' && !isSpoiled) unexplained.push(`${id} is quarantined: ${JSON.stringify(reason)}`);
  const newest = newestByPeriod(landings);
  const received = [...new Set(newest.values())].flatMap((landing): readonly Ended[] => {
    const record = deliveries.find(({ id }) => id === landing.deliveryId);
    const isLost = landing.isEventLost || world.faults.some(isLostIntake);
    if (record === undefined && !isLost) unexplained.push(`nothing is known of ${landing.deliveryId}`);
    return endedDelivery(landing, record, isSpoiled);
  });
  const priced = records.periods.flatMap((state) => {
    const tried = triedFor(state, records);
    if (tried === undefined) return [];
    const name = `${state.integrationId} ${state.period}`;
    const failures = tried.filter(({ status }) => status === 'Failed').length;
    if (failures < 3 && !tried.some(({ status }) => status === 'Quarantined'))
      unexplained.push(`${name} wants what is not published, and nobody tries: ${tried.map(({ status }) => status)}`);
    return endedRun(state, tried, { landings, newest: newest.get(name), isSpoiled });
  });
  return { unexplained, ended: [...received, ...priced] };
}

/** The landing of each (integration, period) whose bill was made last. */
function newestByPeriod({ all }: Landings): ReadonlyMap<string, Landing> {
  const newest = new Map<string, Landing>();
  for (const landing of all)
    for (const period of landing.content.periods) {
      const name = `${landing.integration} ${period}`;
      if ((newest.get(name)?.order ?? '') < landing.order) newest.set(name, landing);
    }
  return newest;
}

function endedDelivery(landing: Landing, record: Delivery | undefined, isSpoiled: boolean): readonly Ended[] {
  if (record === undefined) return [{ landing, able: null }];
  const isBad = record.status === 'Failed' || record.status === 'Quarantined';
  if (isBad) return [{ landing, able: isSpoiled ? null : { kind: 'release', id: record.id } }];
  return record.status === 'Ignored' && isSpoiled ? [{ landing, able: null }] : [];
}

/** Runs over what the period wants, the newest first, where that is not what is published. */
function triedFor(state: PeriodState, { runs, config }: Records): readonly Run[] | undefined {
  if (!isAhead(state, config)) return undefined;
  return runs
    .filter(({ integrationId, period }) => integrationId === state.integrationId && period === state.period)
    .filter(({ deliveryId }) => deliveryId === state.wanted.deliveryId)
    .sort((one, other) => (one.startedAt > other.startedAt ? -1 : 1));
}

function endedRun(
  { integrationId, wanted }: PeriodState,
  tried: readonly Run[],
  { landings, newest, isSpoiled }: { landings: Landings; newest: Landing | undefined; isSpoiled: boolean },
): readonly Ended[] {
  const landing =
    landings.all.find(({ deliveryId }) => deliveryId === wanted.deliveryId) ??
    newest ??
    landings.all.find(({ integration }) => integration === integrationId);
  if (landing === undefined) return [];
  const bad = tried.find(({ status }) => status === 'Failed' || status === 'Quarantined');
  return [{ landing, able: bad && !isSpoiled ? { kind: 'redrive', id: bad.id } : null }];
}

function isLostIntake(fault: World['faults'][number]): boolean {
  return fault.kind === 'message' && fault.queue === 'intake' && fault.how === 'lost';
}
