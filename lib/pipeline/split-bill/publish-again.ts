import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { IntegrationId } from '../../domain/ids.ts';
import { type FinishPublishWorld, finishPublish } from './end-run.ts';

/** An ask for the lists of (integration, period); `lib/adapters/sqs/sqs-asks.ts` writes it. */
const Ask = z.object({ ask: z.literal('write-lists'), integrationId: IntegrationId, period: BillingPeriod });

/**
 * Brings the lists of (integration, period) to its pointer, whichever run that names now, and asks for the period's
 * additions. What a rollback leaves to do; may be done again at any time.
 */
export const publishAgain =
  (world: FinishPublishWorld) =>
  async (message: unknown): Promise<{ outcome: 'written' | 'nothing_published'; runId?: string }> => {
    const { integrationId, period } = Ask.parse(message);
    const published = (await world.periods.find(integrationId, period))?.published;
    if (!published) return { outcome: 'nothing_published' };
    await finishPublish(world, published);
    return { outcome: 'written', runId: published.runId };
  };
