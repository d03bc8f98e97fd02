import type { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import type { Delivery } from '../../../../lib/domain/delivery.ts';
import type { DeliveryId, IntegrationId, RunId } from '../../../../lib/domain/ids.ts';
import type { PeriodState } from '../../../../lib/domain/period-state.ts';
import type { Run } from '../../../../lib/domain/run.ts';
import type { Executions, TaskTokens } from '../../../../lib/ports/executions.ts';
import type { PeriodStore } from '../../../../lib/ports/period-store.ts';
import type { DeliveryStore, RunStore } from '../../../../lib/ports/run-store.ts';

/** Deliveries in memory. */
export function memoryDeliveries(): DeliveryStore & { readonly all: Map<DeliveryId, Delivery> } {
  const all = new Map<DeliveryId, Delivery>();
  return {
    all,
    add: async (delivery) => {
      if (all.has(delivery.id)) return false;
      all.set(delivery.id, delivery);
      return true;
    },
    find: async (id) => all.get(id),
    list: async () => ({ items: [...all.values()] }),
    update: async (id, change) => {
      const known = all.get(id);
      if (known === undefined) throw new Error(`no delivery ${id}`);
      all.set(id, { ...known, ...change });
    },
  };
}

/** What each (integration, period) wants, in memory. */
export function memoryPeriods(): Pick<
  PeriodStore,
  'find' | 'raiseWanted' | 'wantTogether' | 'standIn' | 'nextRunNumber'
> & {
  change(integrationId: IntegrationId, period: BillingPeriod, change: Partial<PeriodState>): void;
} {
  const all = new Map<string, PeriodState>();
  const at = (integrationId: IntegrationId, period: BillingPeriod) => `${integrationId}#${period}`;
  const change = (integrationId: IntegrationId, period: BillingPeriod, changed: Partial<PeriodState>) => {
    const known = all.get(at(integrationId, period));
    if (known === undefined) throw new Error(`no period ${integrationId} ${period}`);
    all.set(at(integrationId, period), { ...known, ...changed });
    return { ...known, ...changed };
  };
  const raise = (integrationId: IntegrationId, period: BillingPeriod, wanted: PeriodState['wanted']) => {
    const known = all.get(at(integrationId, period));
    const fresh = { integrationId, period, published: null, lease: null, fence: 0, runNumber: 0 };
    all.set(at(integrationId, period), { ...(known ?? fresh), wanted });
  };
  return {
    change,
    find: async (integrationId, period) => all.get(at(integrationId, period)),
    raiseWanted: async (integrationId, period, wanted) => {
      const known = all.get(at(integrationId, period));
      if (known !== undefined && known.wanted.deliverySeq >= wanted.deliverySeq) return false;
      raise(integrationId, period, wanted);
      return true;
    },
    wantTogether: async (integrationId, wanted, seen) => {
      const now = (period: BillingPeriod) => all.get(at(integrationId, period))?.wanted;
      const behind = [...seen].filter(([, before]) => before === null || before.deliverySeq < wanted.deliverySeq);
      if (behind.some(([period, before]) => now(period)?.deliveryId !== before?.deliveryId)) return 'changed';
      for (const [period] of behind) raise(integrationId, period, wanted);
      return 'wanted';
    },
    standIn: async (integrationId, period, newer, sameAs) => {
      const known = all.get(at(integrationId, period));
      if (known?.wanted.deliveryId !== sameAs || known.wanted.deliverySeq >= newer.deliverySeq) return false;
      const published = known.published?.deliveryId === sameAs ? { ...known.published, ...newer } : known.published;
      change(integrationId, period, { wanted: newer, published });
      return true;
    },
    nextRunNumber: async (integrationId, period) => {
      const known = all.get(at(integrationId, period));
      return change(integrationId, period, { runNumber: (known?.runNumber ?? 0) + 1 }).runNumber;
    },
  };
}

/** Runs in memory, newest first. */
export function memoryRuns(): Pick<RunStore, 'add' | 'list' | 'update'> & { readonly all: Map<RunId, Run> } {
  const all = new Map<RunId, Run>();
  return {
    all,
    add: async (run) => {
      all.set(run.id, run);
    },
    list: async () => ({ items: [...all.values()].reverse() }),
    update: async (id, change) => {
      const known = all.get(id);
      if (known === undefined || known.status !== 'Running') return false;
      all.set(id, { ...known, ...change });
      return true;
    },
  };
}

/** Notes what is started; a name that was used is refused, as Step Functions does. */
export function memoryExecutions(): Pick<Executions, 'start'> & {
  readonly started: { machine: string; name: string; input: unknown }[];
} {
  const started: { machine: string; name: string; input: unknown }[] = [];
  return {
    started,
    start: async (machine, name, input) => {
      if (started.some((known) => known.name === name)) return 'exists';
      started.push({ machine, name, input });
      return 'started';
    },
  };
}

/** What a task's token was answered with. */
export type TokenAnswer = { readonly output: unknown } | { readonly error: string; readonly cause: string };

/** Task tokens in memory: a token lives until it is answered, unless it is in `dead`. */
export function memoryTokens(dead: ReadonlySet<string> = new Set()): TaskTokens & {
  readonly answers: Map<string, TokenAnswer>;
  readonly heartbeats: string[];
} {
  const answers = new Map<string, TokenAnswer>();
  const heartbeats: string[] = [];
  const lives = (token: string) => !dead.has(token) && !answers.has(token);
  const answer = (token: string, given: TokenAnswer) => {
    if (!lives(token)) return false;
    answers.set(token, given);
    return true;
  };
  return {
    answers,
    heartbeats,
    heartbeat: async (token) => {
      heartbeats.push(token);
      return lives(token);
    },
    succeed: async (token, output) => answer(token, { output }),
    fail: async (token, error, cause) => answer(token, { error, cause }),
  };
}
