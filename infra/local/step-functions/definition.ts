import { z } from 'zod';

/** A Retry rule, with the defaults of the Amazon States Language. */
export const Retrier = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.int().min(1).default(1),
  MaxAttempts: z.int().min(0).max(99_999_999).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
export type Retrier = z.infer<typeof Retrier>;

const Variables = z.record(z.string(), z.unknown());
const leaving = { Assign: Variables.optional(), Output: z.unknown().optional() };
const Catcher = z.strictObject({
  Comment: z.string().optional(),
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  ...leaving,
});
const recovering = { Retry: z.array(Retrier).optional(), Catch: z.array(Catcher).optional() };
const any = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const going = { Next: z.string().optional(), End: z.literal(true).optional() };
const NumberOrExpression = z.union([z.number(), z.string()]);

/** A set of states with its first one: the machine itself, a Map's processor, a Parallel's branch. */
export interface StatesBlock {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
const block = {
  Comment: z.string().optional(),
  QueryLanguage: z.literal('JSONata').optional(),
  StartAt: z.string(),
  States: z.lazy(() => z.record(z.string(), State)) as z.ZodType<Record<string, State>>,
};
const Branch: z.ZodType<StatesBlock> = z.strictObject(block);
const ItemProcessor: z.ZodType<StatesBlock> = z.strictObject({
  ...block,
  ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE').optional() }).optional(),
});

const TaskState = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string(),
  Arguments: z.unknown().optional(),
  Credentials: z.unknown().optional(),
  TimeoutSeconds: NumberOrExpression.optional(),
  HeartbeatSeconds: NumberOrExpression.optional(),
  ...any,
  ...going,
  ...leaving,
  ...recovering,
});
const PassState = z.strictObject({ Type: z.literal('Pass'), ...any, ...going, ...leaving });
const ChoiceRule = z.strictObject({
  Comment: z.string().optional(),
  Condition: z.union([z.string(), z.boolean()]),
  Next: z.string(),
  ...leaving,
});
const ChoiceState = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(ChoiceRule).min(1),
  Default: z.string().optional(),
  ...any,
  ...leaving,
});
const WaitState = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: NumberOrExpression.optional(),
  Timestamp: z.string().optional(),
  ...any,
  ...going,
  ...leaving,
});
const SucceedState = z.strictObject({ Type: z.literal('Succeed'), Output: z.unknown().optional(), ...any });
const FailState = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...any,
});
const MapState = z.strictObject({
  Type: z.literal('Map'),
  Items: z.unknown().optional(),
  ItemSelector: z.unknown().optional(),
  ItemProcessor,
  MaxConcurrency: NumberOrExpression.optional(),
  ToleratedFailureCount: NumberOrExpression.optional(),
  ToleratedFailurePercentage: NumberOrExpression.optional(),
  ...any,
  ...going,
  ...leaving,
  ...recovering,
});
const ParallelState = z.strictObject({
  Type: z.literal('Parallel'),
  Branches: z.array(Branch).min(1),
  Arguments: z.unknown().optional(),
  ...any,
  ...going,
  ...leaving,
  ...recovering,
});

const State = z.discriminatedUnion('Type', [
  TaskState,
  PassState,
  ChoiceState,
  WaitState,
  SucceedState,
  FailState,
  MapState,
  ParallelState,
]);
/** One state, JSONata only: the JSONPath fields are unknown to it and so refused. */
export type State = z.infer<typeof State>;
/** The state of one type. */
export type StateOf<Type extends State['Type']> = Extract<State, { Type: Type }>;

/** A whole state machine. @see https://states-language.net/spec.html */
export const MachineDefinition = z.strictObject({
  ...block,
  QueryLanguage: z.literal('JSONata'),
  Version: z.literal('1.0').optional(),
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
});
export type MachineDefinition = z.infer<typeof MachineDefinition>;
