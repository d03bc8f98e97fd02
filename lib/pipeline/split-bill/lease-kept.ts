import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { DeliveryId, IntegrationId, RunId } from '../../domain/ids.ts';
import { ERROR_NAMES } from '../../names/error-names.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PeriodStore } from '../../ports/period-store.ts';

/** The run ends without a result: a newer delivery came, or the lease went to another execution. */
export class Superseded extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = ERROR_NAMES.superseded;
  }
}

/** What keeping a lease needs of the outside. */
export interface LeaseWorld {
  readonly periods: Pick<PeriodStore, 'find' | 'renewLease'>;
  readonly clock: Clock;
  readonly leaseSeconds: number;
}

/** A run that holds a lease on (integration, period) to work on a delivery. */
export interface LeasedRun {
  readonly runId: RunId;
  readonly integrationId: IntegrationId;
  readonly period: BillingPeriod;
  readonly deliveryId: DeliveryId;
}

/** Moves the lease's expiry on. Throws `Superseded` where it is another run's now, or a newer delivery is wanted. */
export async function keepLease(world: LeaseWorld, run: LeasedRun): Promise<void> {
  const { integrationId, period, runId } = run;
  const kept = await world.periods.renewLease(integrationId, period, runId, leaseEnd(world));
  if (!kept) throw new Superseded('the lease belongs to another run');
  const state = await world.periods.find(integrationId, period);
  if (state?.wanted.deliveryId !== run.deliveryId) throw new Superseded('a newer delivery is wanted');
}

/** When a lease that is taken or renewed now expires. */
export function leaseEnd({ clock, leaseSeconds }: Pick<LeaseWorld, 'clock' | 'leaseSeconds'>): string {
  return new Date(clock.now().getTime() + leaseSeconds * 1000).toISOString();
}
