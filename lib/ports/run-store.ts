import type { BillingPeriod } from '../domain/billing-period.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { DeliveryId, IntegrationId, RunId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';

/** A page of a list, newest first; `cursor` is absent on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** Records of runs, for people and for CloseRun. */
export interface RunStore {
  add(run: Run): Promise<void>;
  find(id: RunId): Promise<Run | undefined>;
  list(query: {
    integrationId?: IntegrationId | undefined;
    period?: BillingPeriod | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<Page<Run>>;
  /** Notes that a step was entered (the first time counts). */
  enterStep(id: RunId, step: string, at: string): Promise<void>;
  /** Changes fields of a run that is still Running; `false` when it has ended. */
  update(id: RunId, change: Partial<Omit<Run, 'id'>>): Promise<boolean>;
}

/** Records of deliveries, for people and for RegisterDelivery. */
export interface DeliveryStore {
  /** `false` when this delivery is known already (the same event twice). */
  add(delivery: Delivery): Promise<boolean>;
  find(id: DeliveryId): Promise<Delivery | undefined>;
  list(query: {
    integrationId?: IntegrationId | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<Page<Delivery>>;
  update(id: DeliveryId, change: Partial<Omit<Delivery, 'id'>>): Promise<void>;
}
