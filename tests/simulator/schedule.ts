import { EXPORTS } from './bills.ts';
import { DURING_RUN } from './edits.ts';
import type { Fault } from './faults.ts';
import type { Landings } from './landings.ts';
import { makeEdit } from './make-edit.ts';
import type { Partner } from './partner.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** Puts what the plan says into the world's future. Faults that calls and messages meet are found by those themselves. */
export function schedule(
  { world, landings, partner }: { readonly world: World; readonly landings: Landings; readonly partner: Partner },
  plan: Plan,
): void {
  const { scheduler, occurrences } = world;
  for (const delivery of plan.deliveries)
    scheduler.after(delivery.atSeconds * 1000, () => {
      landings.land(delivery.integration, landings.contentOf(delivery), delivery);
    });
  for (const { edit, atSeconds } of plan.edits)
    scheduler.after(atSeconds * 1000, () => {
      const during = DURING_RUN[edit.kind];
      if (during !== undefined && world.machines.running('SplitBill').length > 0) occurrences.note(during);
      void makeEdit(partner, edit);
    });
  for (const fault of plan.faults) {
    if (fault.kind === 'landing') scheduleLanding(world, landings, plan, fault);
    if (fault.kind === 'abort') scheduleAbort(world, fault);
  }
}

function scheduleLanding(
  world: World,
  landings: Landings,
  plan: Plan,
  { how, delivery, seconds }: Extract<Fault, { kind: 'landing' }>,
): void {
  const planned = plan.deliveries[delivery];
  if (planned?.integration !== EXPORTS) return;
  world.scheduler.after((planned.atSeconds + seconds) * 1000, () => {
    const landing = landings.all.filter(({ integration }) => integration === EXPORTS).at(-1);
    const [key] = landing?.keys ?? [];
    if (key === undefined) return;
    world.occurrences.note(`delivered file ${how}`);
    world.trace(`! ${key} ${how}`);
    const other = landings.contentOf({ integration: EXPORTS, content: 1 }).files[1];
    if (how === 'removed') world.landing.remove(key);
    else if (other) world.landing.put(key, other.bytes);
  });
}

/** Counts executions of SplitBill from their start. */
function scheduleAbort(world: World, { execution, seconds }: Extract<Fault, { kind: 'abort' }>): void {
  const look = (sinceSeconds: number) => {
    const record = [...world.machines.records.values()].filter(({ name }) => name.startsWith('run_'))[execution];
    const isDue = record !== undefined && world.scheduler.now() - record.startDate >= seconds * 1000;
    if (isDue && record.status === 'RUNNING') {
      world.occurrences.note('execution aborted');
      world.trace(`! an operator stops ${record.name}`);
      world.machines.stop(record.executionArn);
    }
    if (!isDue && sinceSeconds < 3600) world.scheduler.after(1000, () => look(sinceSeconds + 1));
  };
  look(0);
}
