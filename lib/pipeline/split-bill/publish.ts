import { z } from 'zod';
import { RunId } from '../../domain/ids.ts';
import type { SplitBillStep } from '../../names/steps.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { type FinishPublicationWorld, finishPublication } from './finish-publication.ts';
import { leaseEnd, Superseded } from './lease-kept.ts';
import { Plan } from './plan.ts';
import { Publication } from './publication.ts';
import { readLakeJson } from './read-lake-json.ts';

/** What Publish reaches outside. */
export interface PublishWorld extends FinishPublicationWorld {
  readonly periods: Pick<PeriodStore, 'find' | 'publish' | 'renewLease'>;
  readonly runs: Pick<RunStore, 'update' | 'enterStep'>;
  readonly lake: ObjectStore;
  readonly leaseSeconds: number;
}

const Input = z.object({ runId: RunId, planKey: z.string(), publicationKey: z.string(), fence: z.int() });

const STEP: SplitBillStep = 'Publish';

/**
 * Moves the pointer of (integration, period) to this run, in one conditional write, then the lists that readers follow.
 * Throws `Superseded` where the lease's fence does not hold any more or a newer delivery is published.
 */
export const publish =
  (world: PublishWorld) =>
  async (input: unknown): Promise<{ outcome: 'published' }> => {
    const { runId, planKey, publicationKey, fence } = Input.parse(input);
    const plan = await readLakeJson(world.lake, planKey, Plan);
    const publication = await readLakeJson(world.lake, publicationKey, Publication);
    const { integrationId, period } = plan;
    const publishedAt = world.clock.now().toISOString();
    await world.periods.renewLease(integrationId, period, runId, leaseEnd(world));
    await world.runs.enterStep(runId, STEP, publishedAt);
    const moved = await world.periods.publish(
      integrationId,
      period,
      { runId, fence },
      {
        deliverySeq: plan.deliverySeq,
        deliveryId: plan.deliveryId,
        configRevision: plan.configRevision,
        runId,
        publishedAt,
        days: publication.days,
        owners: [...new Set(publication.lists.map(({ owner }) => owner))],
      },
    );
    if (moved === 'fenced') throw new Superseded('the lease or a newer delivery stands against publishing');
    await finishPublication(world, publication, moved.ownersBefore);
    return { outcome: 'published' };
  };
