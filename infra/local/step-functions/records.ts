import { z } from 'zod';

/** The five states of an execution. */
export const ExecutionStatus = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
export type ExecutionStatus = z.infer<typeof ExecutionStatus>;

/** One execution, as it is kept and described. Times in milliseconds; payloads as JSON text. */
export const ExecutionRecord = z.object({
  executionArn: z.string(),
  stateMachineArn: z.string(),
  stateMachineName: z.string(),
  roleArn: z.string(),
  name: z.string(),
  status: ExecutionStatus,
  startDate: z.number(),
  stopDate: z.number().optional(),
  input: z.string(),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
  redriveCount: z.number(),
  redriveDate: z.number().optional(),
});
export type ExecutionRecord = z.infer<typeof ExecutionRecord>;

/** What lists need of an execution: all that stays in memory of it once it is closed. */
export type ExecutionSummary = Omit<ExecutionRecord, 'input' | 'output' | 'error' | 'cause'>;

/** One state machine, as it is kept and described. */
export const StateMachineRecord = z.object({
  stateMachineArn: z.string(),
  name: z.string(),
  definition: z.string(),
  roleArn: z.string(),
  revisionId: z.string(),
  creationDate: z.number(),
  updateDate: z.number(),
  loggingConfiguration: z.unknown().optional(),
  tracingConfiguration: z.unknown().optional(),
});
export type StateMachineRecord = z.infer<typeof StateMachineRecord>;
