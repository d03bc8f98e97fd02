import { StateError } from './state-error.ts';

/** Bytes of UTF-8 that a state's input, arguments, result, output and assigned variables may each have. */
const PAYLOAD_LIMIT_BYTES = 262_144;

/** Bytes that all variables of an execution may have together. */
export const VARIABLES_LIMIT_BYTES = 10 * 1024 * 1024;

/** Bytes a value has as JSON in UTF-8. */
export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

/**
 * Refuses what a state may not hand on.
 *
 * @param source what it came from, as the message names it.
 * @throws {StateError} States.DataLimitExceeded.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export function checkPayload(value: unknown, source: string): void {
  if (sizeOf(value) > PAYLOAD_LIMIT_BYTES)
    throw new StateError(
      'States.DataLimitExceeded',
      `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
}
