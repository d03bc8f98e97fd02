import { getAdditions } from '../../lib/contracts/additions/get-additions.ts';
import { getDelivery } from '../../lib/contracts/deliveries/get-delivery.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import type { ApiClient } from './api-client.ts';
import { CommandError, EXIT } from './exit-with.ts';

/** Every question takes processor time from what it asks about. */
const POLL_MILLISECONDS = 250;

/** Work that has not begun by then will not: its ask is a dead letter, or the function that begins it cannot run. */
const BEGUN_MILLISECONDS_MOST = 120_000;

/** Says how far the work is; called when something changed. */
export type Progress = (line: string) => void;

/**
 * Waits until the delivery that `key` announced since a moment is registered: an earlier one of the same key is not it.
 * Quarantined or failed ends the command with the reason. An ignored delivery (the same content again) is done.
 */
export async function followDelivery(
  api: ApiClient,
  integrationId: string,
  { key, since }: { key: string; since: Date },
  progress: Progress,
): Promise<void> {
  let shown = '';
  for (;;) {
    const { items } = (await api.call(listDeliveries, { query: { integrationId } as never })).body;
    const delivery = items.find((one) => one.key === key && Date.parse(one.receivedAt) >= since.getTime());
    const line = delivery
      ? `delivery  ${delivery.status === 'Receiving' ? (delivery.step ?? 'received') : delivery.status}`
      : 'delivery  arriving';
    if (line !== shown) progress(line);
    shown = line;
    if (delivery === undefined && Date.now() - since.getTime() > BEGUN_MILLISECONDS_MOST) {
      throw notBegun(`${key} was delivered, but nothing has received it`);
    }
    if (delivery && ['Registered', 'Ignored'].includes(delivery.status)) return;
    if (delivery && delivery.status !== 'Receiving') {
      const { reason } = (await api.call(getDelivery, { params: { deliveryId: delivery.id } })).body;
      throw refused(delivery.status, reason);
    }
    await wait();
  }
}

/** Waits until everything wanted is published and its additions are priced; a run that was refused ends the command. */
export async function followRuns(api: ApiClient, progress: Progress): Promise<void> {
  const shown = new Map<string, string>();
  const since = Date.now();
  let atWork = since;
  for (;;) {
    const { items: runs } = (await api.call(listRuns, { query: { limit: 20 } as never })).body;
    for (const run of [...runs].reverse()) {
      const line = `${run.period}   ${run.status === 'Running' ? run.step : run.status}`;
      if (shown.get(run.id) === line) continue;
      shown.set(run.id, line);
      progress(`${line.padEnd(34)} ${((Date.now() - since) / 1000).toFixed(1)} s`);
    }
    const { items: periods } = (await api.call(listPeriods)).body;
    const late = periods.filter(({ upToDate }) => !upToDate);
    for (const { integrationId, period } of late) {
      const last =
        runs.find((run) => run.integrationId === integrationId && run.period === period) ??
        (await api.call(listRuns, { query: { integrationId, period, limit: 1 } as never })).body.items[0];
      if (last && ['Quarantined', 'Failed'].includes(last.status)) throw refused(last.status, last.reason);
    }
    const ending = periods.some(({ published }) =>
      runs.some(({ id, status }) => id === published?.runId && status === 'Running'),
    );
    if (periods.length > 0 && late.length === 0 && !ending && (await additionsAreDone(api, periods))) return;
    if (runs.some(({ status }) => status === 'Running')) atWork = Date.now();
    if (Date.now() - atWork > BEGUN_MILLISECONDS_MOST) {
      const behind = late.map(({ integrationId, period }) => `${integrationId} ${period}`);
      throw notBegun(`${behind.join(', ') || 'A period’s additions'}: wanted, but nothing works on it`);
    }
    await wait();
  }
}

async function additionsAreDone(api: ApiClient, periods: readonly { period: string }[]): Promise<boolean> {
  for (const period of new Set(periods.map((one) => one.period))) {
    const { recomputing, reason } = (await api.call(getAdditions, { params: { period } })).body;
    if (reason) throw refused('Quarantined', reason);
    if (recomputing) return false;
  }
  return true;
}

interface Reason {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly next: string;
}

function refused(status: string, reason: Reason | null): CommandError {
  const exitCode = status === 'Failed' ? EXIT.ourFault : EXIT.quarantined;
  if (!reason) return new CommandError(exitCode, `${status}, without a reason: see the logs.`);
  const { title, code, detail, next } = reason;
  return new CommandError(exitCode, `${status}: ${title} (${code})\n  ${detail}\n  ${next}\nNothing was published.`);
}

function notBegun(what: string): CommandError {
  const seconds = BEGUN_MILLISECONDS_MOST / 1000;
  return new CommandError(
    EXIT.ourFault,
    `${what} since ${seconds} seconds.\n  See the functions’ logs: npm start keeps them in .local/logs.`,
  );
}

function wait(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
}
