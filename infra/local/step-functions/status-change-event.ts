import { randomUUID } from 'node:crypto';
import type { Home } from './arns.ts';
import type { ExecutionRecord } from './records.ts';
import { redriveStatus } from './redrive-status.ts';

/**
 * EventBridge's "Step Functions Execution Status Change", sent when an execution starts and when it ends.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export interface StatusChangeEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Step Functions Execution Status Change';
  readonly source: 'aws.states';
  readonly account: string;
  /** ISO 8601, whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly [string];
  readonly detail: StatusChange;
}

/** Times in milliseconds since 1970. */
interface StatusChange {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionRecord['status'];
  readonly startDate: number;
  readonly stopDate: number | null;
  /** JSON text; null where it does not fit into an event. */
  readonly input: string | null;
  readonly inputDetails: { readonly included: boolean };
  readonly output: string | null;
  readonly outputDetails: { readonly included: boolean } | null;
  readonly stateMachineVersionArn: null;
  readonly stateMachineAliasArn: null;
  readonly redriveCount: number;
  readonly redriveDate: number | null;
  readonly redriveStatus: string;
  readonly redriveStatusReason: string | null;
  readonly error: string | null;
  readonly cause: string | null;
}

/** An event carries input and output only as long as they fit, escaped, into this much; the output goes first. */
const PAYLOADS_LIMIT_BYTES = 248 * 1024;

/** The event for a record as it is now. */
export function statusChangeEvent(
  record: ExecutionRecord,
  { region, accountId }: Home,
  now: number,
): StatusChangeEvent {
  const { input, output } = record;
  const outputFits = escapedBytes(output) <= PAYLOADS_LIMIT_BYTES;
  const inputFits = escapedBytes(input) + (outputFits ? escapedBytes(output) : 0) <= PAYLOADS_LIMIT_BYTES;
  const { status: redrivable, reason } = redriveStatus(record, now);
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: accountId,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region,
    resources: [record.executionArn],
    detail: {
      executionArn: record.executionArn,
      stateMachineArn: record.stateMachineArn,
      name: record.name,
      status: record.status,
      startDate: record.startDate,
      stopDate: record.stopDate ?? null,
      input: inputFits ? input : null,
      inputDetails: { included: inputFits },
      output: outputFits ? (output ?? null) : null,
      outputDetails: output === undefined ? null : { included: outputFits },
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      redriveCount: record.redriveCount,
      redriveDate: record.redriveDate ?? null,
      redriveStatus: redrivable,
      redriveStatusReason: reason ?? null,
      error: record.error ?? null,
      cause: record.cause ?? null,
    },
  };
}

const escapedBytes = (text: string | undefined) => (text === undefined ? 0 : Buffer.byteLength(JSON.stringify(text)));
