import type { BillingPeriod } from '../domain/billing-period.ts';
import type { DeliveryId, IntegrationId, RunId } from '../domain/ids.ts';
import type { PeriodState } from '../domain/period-state.ts';

/** What a run holds while it works: its fence is checked when it publishes. */
export interface Lease {
  readonly runId: RunId;
  readonly executionArn: string;
  readonly fence: number;
  readonly expiresAt: string;
}

/** wanted, published and lease of each (integration, period); every change is one conditional write. */
export interface PeriodStore {
  find(integrationId: IntegrationId, period: BillingPeriod): Promise<PeriodState | undefined>;
  /** All (integration, period) there are, for the schedule and for changes of configuration. */
  list(): Promise<readonly PeriodState[]>;
  /** Raises wanted; `false` when an equal or newer delivery is wanted already. Creates the item. */
  raiseWanted(integrationId: IntegrationId, period: BillingPeriod, wanted: PeriodState['wanted']): Promise<boolean>;
  /**
   * Wants a delivery for several months at once, all or none, as long as each still wants what was `seen` (null where it
   * had no item yet): what was decided over that stands then. A month that was seen to want an equal or newer one is left
   * alone. `'changed'` where another delivery came between: look again.
   */
  wantTogether(
    integrationId: IntegrationId,
    wanted: PeriodState['wanted'],
    seen: ReadonlyMap<BillingPeriod, PeriodState['wanted'] | null>,
  ): Promise<'wanted' | 'changed'>;
  /**
   * Lets a newer delivery of the very content stand for the one that is wanted, where that is `sameAs` and older: wanted
   * names the newer one, and so does published where it has that content. Nothing is behind by it; `false` otherwise.
   */
  standIn(
    integrationId: IntegrationId,
    period: BillingPeriod,
    newer: PeriodState['wanted'],
    sameAs: DeliveryId,
  ): Promise<boolean>;
  /** The next run number, by conditional increment; names the execution. */
  nextRunNumber(integrationId: IntegrationId, period: BillingPeriod): Promise<number>;
  /** Takes the lease if none is live at `now`, or it is this run's already; the fence grows. */
  acquireLease(
    integrationId: IntegrationId,
    period: BillingPeriod,
    holder: { runId: RunId; executionArn: string; now: string; expiresAt: string },
  ): Promise<{ lease: Lease; state: PeriodState } | 'busy'>;
  /** Moves expiry on; `false` when the lease is no longer this run's. */
  renewLease(integrationId: IntegrationId, period: BillingPeriod, runId: RunId, expiresAt: string): Promise<boolean>;
  /** Gives the lease back if it is this run's; anything else is left alone. */
  releaseLease(integrationId: IntegrationId, period: BillingPeriod, runId: RunId): Promise<void>;
  /**
   * Moves the pointer, only while the lease is this run's with this fence and the published deliverySeq is not newer.
   * Returns the owners that the run before had lists for.
   */
  publish(
    integrationId: IntegrationId,
    period: BillingPeriod,
    lease: { runId: RunId; fence: number },
    published: NonNullable<PeriodState['published']>,
  ): Promise<{ ownersBefore: readonly string[] } | 'fenced'>;
  /** Notes that the lists are those of this run, while it is the one that is published. */
  noteListsWritten(integrationId: IntegrationId, period: BillingPeriod, runId: RunId): Promise<void>;
}
