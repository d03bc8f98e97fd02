import { z } from 'zod';
import { AdditionsSummary } from '../../../lib/contracts/additions/additions-summary.ts';
import { RunSummary } from '../../../lib/contracts/runs/run-summary.ts';

/** What the split command and `npm start -- --json` print and write (`split-command.md`). */
export const Summary = z.object({
  version: z.literal(1),
  reconciled: z.boolean(),
  runs: z.array(RunSummary),
  additions: z.array(AdditionsSummary),
});
export type Summary = z.infer<typeof Summary>;
