import { z } from 'zod';
import { StateError } from '../state-error.ts';
import type { Integration } from './integration.ts';

/** One entry of PutEvents, with its Detail as JSON text. */
export interface PutEventsEntry {
  readonly Source?: string | undefined;
  readonly DetailType?: string | undefined;
  readonly Detail?: string | undefined;
  readonly EventBusName?: string | undefined;
  readonly Resources?: readonly string[] | undefined;
  readonly Time?: string | undefined;
}

/** What PutEvents answers. */
export interface PutEventsAnswer {
  readonly FailedEntryCount?: number | undefined;
  readonly Entries?: readonly object[] | undefined;
}

const Arguments = z.object({
  Entries: z
    .array(
      z.object({
        Source: z.string().optional(),
        DetailType: z.string().optional(),
        Detail: z.unknown().optional(),
        EventBusName: z.string().optional(),
        Resources: z.array(z.string()).optional(),
        Time: z.string().optional(),
      }),
    )
    .min(1)
    .max(10),
});

/**
 * `arn:aws:states:::events:putEvents`. Each entry's Resources get the execution and its state machine; a Detail that is no
 * string is sent as its JSON; one failed entry fails the task with `EventBridge.FailedEntry`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
 */
export const eventsPutEvents =
  (put: (entries: readonly PutEventsEntry[]) => Promise<PutEventsAnswer>): Integration =>
  async (args, { executionArn, stateMachineArn }) => {
    const read = Arguments.safeParse(args);
    if (!read.success) throw new StateError('EventBridge.ValidationException', z.prettifyError(read.error));
    const entries = read.data.Entries.map(({ Detail, Resources = [], ...entry }) => ({
      ...entry,
      ...(Detail === undefined ? {} : { Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail) }),
      Resources: [...Resources, executionArn, stateMachineArn],
    }));
    const { FailedEntryCount = 0, Entries = [] } = await put(entries);
    const result = { FailedEntryCount, Entries };
    if (FailedEntryCount > 0) throw new StateError('EventBridge.FailedEntry', JSON.stringify(result));
    return result;
  };
