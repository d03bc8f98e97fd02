import { z } from 'zod';
import { Delivery } from '../../domain/delivery.ts';

/** Why a delivery or run ended as it did, in the words of the problem catalogue. */
export const ReasonAnswer = z
  .object({ code: z.string(), title: z.string(), detail: z.string(), next: z.string() })
  .meta({ id: 'Reason', description: 'What is wrong, and what to do next.' });

/** A delivery as answered. */
export const DeliveryAnswer = Delivery.omit({ reason: true, deliverySeq: true, object: true })
  .extend({
    reason: ReasonAnswer.nullable(),
    steps: z.record(z.string(), z.iso.datetime()).meta({ description: 'When each step began.' }),
    attempts: z.int().positive(),
  })
  .meta({ id: 'Delivery' });
