import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Executions } from '../executions.ts';
import type { HistoryEvent } from '../history.ts';
import { ExecutionStatus, type ExecutionSummary } from '../records.ts';
import { redriveStatus } from '../redrive-status.ts';
import { ServiceError } from '../service-error.ts';
import type { StateMachines } from '../state-machines.ts';
import {
  MaxResults,
  type Operations,
  operation,
  Payload,
  pageOf,
  readToken,
  seconds,
  writeToken,
} from './operation.ts';

const Arn = z.object({ executionArn: z.string() });

/** The actions on executions. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export const executionOperations = (machines: StateMachines, executions: Executions, clock: Clock): Operations => ({
  StartExecution: operation(
    z.object({ stateMachineArn: z.string(), name: z.string().optional(), input: Payload.default('{}') }),
    ({ stateMachineArn, name = randomUUID(), input }) => {
      const machine = machines.find(stateMachineArn);
      checkInput(input);
      const { executionArn, startDate } = executions.start(machine, name, input);
      return { executionArn, startDate: seconds(startDate) };
    },
  ),
  DescribeExecution: operation(Arn, ({ executionArn }) => {
    const { stateMachineName: _name, roleArn: _role, ...record } = executions.describe(executionArn);
    const { status, reason } = redriveStatus(record, clock.now());
    return {
      ...record,
      ...datesOf(record),
      inputDetails: { included: true },
      ...(record.output === undefined ? {} : { outputDetails: { included: true } }),
      redriveStatus: status,
      ...(reason === undefined ? {} : { redriveStatusReason: reason }),
    };
  }),
  ListExecutions: operation(
    z.object({
      stateMachineArn: z.string(),
      statusFilter: ExecutionStatus.optional(),
      redriveFilter: z.enum(['REDRIVEN', 'NOT_REDRIVEN']).optional(),
      maxResults: MaxResults,
      nextToken: z.string().optional(),
    }),
    ({ stateMachineArn, statusFilter, redriveFilter, ...paging }) => {
      machines.find(stateMachineArn);
      const listed = executions
        .list(stateMachineArn)
        .filter(({ status }) => statusFilter === undefined || status === statusFilter)
        .filter(
          ({ redriveCount: count }) => redriveFilter === undefined || count > 0 === (redriveFilter === 'REDRIVEN'),
        );
      const { page, nextToken } = pageOf(listed, paging, ({ executionArn }) => executionArn);
      return { executions: page.map(listItem), nextToken };
    },
  ),
  GetExecutionHistory: operation(
    Arn.extend({
      maxResults: MaxResults,
      reverseOrder: z.boolean().default(false),
      includeExecutionData: z.boolean().default(true),
      nextToken: z.string().optional(),
    }),
    async ({ executionArn, maxResults, reverseOrder, includeExecutionData, nextToken }) => {
      const length = executions.historyLength(executionArn);
      const [first, last] = eventRange(length, maxResults || 100, reverseOrder, nextToken);
      const events = await executions.history(executionArn, first, last);
      if (reverseOrder) events.reverse();
      const more = reverseOrder ? first > 1 : last < length;
      return {
        events: events.map((event) => historyItem(event, includeExecutionData)),
        ...(more ? { nextToken: writeToken(String(reverseOrder ? first : last)) } : {}),
      };
    },
  ),
  StopExecution: operation(
    Arn.extend({ error: z.string().max(256).optional(), cause: z.string().max(32_768).optional() }),
    ({ executionArn, error, cause }) => {
      const { stopDate } = executions.stop(executionArn, error, cause);
      return { stopDate: seconds(stopDate ?? clock.now()) };
    },
  ),
  RedriveExecution: operation(Arn.extend({ clientToken: z.string().optional() }), ({ executionArn }) => ({
    redriveDate: seconds(executions.redrive(executionArn)),
  })),
});

function checkInput(input: string): void {
  try {
    JSON.parse(input);
  } catch (thrown) {
    throw new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${String(thrown)}'`);
  }
}

function datesOf({
  startDate,
  stopDate,
  redriveDate,
}: Pick<ExecutionSummary, 'startDate' | 'stopDate' | 'redriveDate'>) {
  return {
    startDate: seconds(startDate),
    ...(stopDate === undefined ? {} : { stopDate: seconds(stopDate) }),
    ...(redriveDate === undefined ? {} : { redriveDate: seconds(redriveDate) }),
  };
}

function listItem(summary: ExecutionSummary): object {
  const { executionArn, stateMachineArn, name, status, redriveCount } = summary;
  return { executionArn, stateMachineArn, name, status, redriveCount, ...datesOf(summary) };
}

/** The ids of a page's first and last event: pages go forwards or backwards from the id the token names. */
function eventRange(
  length: number,
  size: number,
  reverse: boolean,
  token: string | undefined,
): readonly [number, number] {
  const named = token === undefined ? undefined : Number(readToken(token));
  if (!reverse) return [(named ?? 0) + 1, Math.min((named ?? 0) + size, length)];
  const last = (named ?? length + 1) - 1;
  return [Math.max(last - size + 1, 1), last];
}

const DATA_FIELDS = new Set(['input', 'output', 'parameters']);

function historyItem({ timestamp, ...event }: HistoryEvent, includeData: boolean): object {
  const fields = Object.entries(event).map(([field, value]) => [field, includeData ? value : withoutData(value)]);
  return { ...Object.fromEntries(fields), timestamp: seconds(timestamp) };
}

const withoutData = (details: unknown): unknown =>
  typeof details === 'object' && details !== null
    ? Object.fromEntries(Object.entries(details).filter(([field]) => !DATA_FIELDS.has(field)))
    : details;
