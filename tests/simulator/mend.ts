import type { Ended } from './explained.ts';
import type { Landing, Landings } from './landings.ts';
import type { Partner } from './partner.ts';
import { chance } from './random.ts';
import { recordsOf } from './records.ts';
import type { World } from './world.ts';

/**
 * What people do once nothing goes wrong any more: what a fault has ended is tried again by the partner or delivered again
 * by the provider, the one as often as the other.
 */
export function mend(
  { world, landings, partner }: { readonly world: World; readonly landings: Landings; readonly partner: Partner },
  ended: readonly Ended[],
): void {
  const again = new Set<Landing>();
  for (const { landing, able } of ended)
    if (able !== null && chance(world.seed, 'tried again', able.id) < 0.5) void tryAgain(world, partner, able);
    else again.add(landing);
  for (const { integration, content } of [...again].sort((one, other) => (one.order < other.order ? -1 : 1))) {
    world.trace(`-- the provider delivers ${content.name} again`);
    landings.land(integration, content);
  }
}

/** A bare file under another name than the month's is held when it comes again too: the partner releases what was landed since. */
export async function releaseHeld(world: World, partner: Partner, since: readonly Landing[]): Promise<boolean> {
  const { deliveries } = await recordsOf(world);
  const held = deliveries.filter(({ id, status }) => status === 'Held' && since.some((one) => one.deliveryId === id));
  for (const { id } of held) void tryAgain(world, partner, { kind: 'release', id });
  return held.length > 0;
}

async function tryAgain(world: World, partner: Partner, { kind, id }: NonNullable<Ended['able']>): Promise<void> {
  world.trace(`-- the partner has ${id} tried again`);
  await partner.change(async () => {
    const path = kind === 'release' ? `/v1/deliveries/${id}/release` : `/v1/runs/${id}/redrive`;
    const answer = await partner.ask({ method: 'POST', path });
    if (answer) partner.note(kind === 'release' ? 'delivery released' : 'run redriven');
  });
}
