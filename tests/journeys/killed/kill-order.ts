import { z } from 'zod';

/** What a machine is told to do before it kills itself. */
export const KillOrder = z.object({
  /** The machine's folder, taken up again from one kill to the next. */
  folder: z.string(),
  /** The delivery that it was killed over before: it must come to its end first. */
  before: z.string().nullable(),
  integrationId: z.string(),
  /** A state of one of the machines, or the function behind the additions queue. */
  step: z.string(),
});
export type KillOrder = z.infer<typeof KillOrder>;

/** Time that a manifest's files may take: longer than two starts of a machine. */
export const GRACE_SECONDS = 120;
/** The step that waits for a file which its manifest names: that file comes when the machine is up again. */
export const WAITING_STEP = 'AwaitFiles';
