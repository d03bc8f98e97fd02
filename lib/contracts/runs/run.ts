import { z } from 'zod';
import { Run } from '../../domain/run.ts';
import { ReasonAnswer } from '../deliveries/delivery.ts';

/** A run as answered in a list. */
export const RunAnswer = Run.omit({ reason: true, summaryKey: true })
  .extend({ reason: ReasonAnswer.nullable(), entries: z.record(z.string(), z.int().positive()) })
  .meta({ id: 'Run' });
