import { CLOSE_STEP } from '../../../lib/names/steps.ts';
import { integration, jsonata, type State } from './asl.ts';
import { CLOSE_ANYHOW } from './retries.ts';

/** The choice after CloseRun, and the end it falls back to. */
const WHICH_END = 'WhichEnd';
const FAILED = 'Failed';

const CAUSE = '$exists($states.input.error.Cause) ? $states.input.error.Cause : $states.input.error.Error';
const CLOSING_FAILED = `"${CLOSE_STEP} failed: " & $string($states.errorOutput)`;

/** CloseRun marks the delivery or run with the reason and says how it ended; where it fails itself, so does the machine. */
export function closeState(
  functionArn: string,
  subject: Readonly<Record<string, unknown>>,
  timeoutSeconds: number,
): State {
  return {
    Type: 'Task',
    Resource: integration('lambda:invoke'),
    Arguments: {
      FunctionName: functionArn,
      Payload: { ...subject, error: jsonata('$states.input.error'), step: jsonata('$states.input.step') },
    },
    TimeoutSeconds: timeoutSeconds,
    Retry: [CLOSE_ANYHOW],
    Catch: [{ ErrorEquals: ['States.ALL'], Output: { cause: jsonata(CLOSING_FAILED) }, Next: FAILED }],
    Output: { end: jsonata('$states.result.Payload.end'), cause: jsonata(CAUSE) },
    Next: WHICH_END,
  };
}

/** Leads to the end that CloseRun named; one it does not know is a failure. */
export function whichEnd(ends: readonly string[]): State {
  return {
    Type: 'Choice',
    Choices: ends.map((end) => ({ Condition: jsonata(`$states.input.end = "${end}"`), Next: end })),
    Default: FAILED,
  };
}

/** A named end without a result. */
export function failState(name: string): State {
  return { Type: 'Fail', Error: name, Cause: jsonata('$string($states.input.cause)') };
}
