import type { StateOf } from '../definition.ts';
import { evaluateWhole } from '../evaluate-number.ts';
import { evaluateTemplate } from '../evaluate-template.ts';
import { eventData } from '../event-data.ts';
import { leaveState, ownWayOut } from '../leave-state.ts';
import { checkPayload } from '../payload-limit.ts';
import { parseResource, type Resource } from '../resource.ts';
import { StateError } from '../state-error.ts';
import type { OpenTask } from '../task-tokens.ts';
import { withinLimits } from '../time-limits.ts';
import { evaluationScope, type Transition, type Visit } from '../visit.ts';

type TaskVisit = Visit<StateOf<'Task'>>;

/**
 * One attempt of a Task: evaluates its Arguments, calls the integration and waits for what its pattern asks.
 *
 * Time-out and heartbeat both count from here, the send, so a queue's wait is part of them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
export async function runTask(visit: TaskVisit): Promise<Transition> {
  const resource = parseResource(visit.state.Resource);
  const { tokens, stateMachineArn } = visit.branch.world;
  const task = resource.pattern === 'waitForTaskToken' ? tokens.open(stateMachineArn) : undefined;
  try {
    return await attempt(task === undefined ? visit : { ...visit, taskToken: task.token }, resource, task);
  } finally {
    task?.close();
  }
}

async function attempt(visit: TaskVisit, resource: Resource, task: OpenTask | undefined): Promise<Transition> {
  const { name, state, input, branch } = visit;
  const { Arguments, TimeoutSeconds, HeartbeatSeconds } = state;
  const args = Arguments === undefined ? input : await evaluateTemplate(Arguments, 'Arguments', evaluationScope(visit));
  checkPayload(args, name);
  const timeoutSeconds = await seconds(visit, 'TimeoutSeconds', TimeoutSeconds);
  const heartbeatSeconds = await seconds(visit, 'HeartbeatSeconds', HeartbeatSeconds);
  const kind = { resourceType: resource.resourceType, resource: resource.resource };
  branch.record('TaskScheduled', {
    taskScheduledEventDetails: {
      ...kind,
      region: branch.world.region,
      parameters: JSON.stringify(args),
      ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
      ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
    },
  });
  branch.record('TaskStarted', { taskStartedEventDetails: kind });
  const heartbeat =
    task === undefined || heartbeatSeconds === undefined
      ? undefined
      : { seconds: heartbeatSeconds, heardAt: task.heardAt };
  const result = await recordFailure(visit, resource, () =>
    withinLimits({ timeoutSeconds, heartbeat }, branch.world.clock, branch.signal, (signal) =>
      callIntegration(visit, resource, task, args, signal),
    ),
  );
  branch.record('TaskSucceeded', { taskSucceededEventDetails: { ...kind, ...eventData('output', result) } });
  return leaveState(visit, ownWayOut(state, result, { result }));
}

const seconds = async (visit: TaskVisit, field: string, value: unknown) =>
  value === undefined ? undefined : evaluateWhole(visit, field, value, { min: 1 });

async function callIntegration(
  visit: TaskVisit,
  resource: Resource,
  task: OpenTask | undefined,
  args: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const { branch, name } = visit;
  const { world } = branch;
  const integration = world.integrations[resource.key];
  if (integration === undefined) throw new StateError('States.Runtime', `Nothing here answers for ${resource.key}.`);
  const submitted = (output: unknown) => {
    signal.throwIfAborted();
    const { resourceType } = resource;
    branch.record('TaskSubmitted', {
      taskSubmittedEventDetails: { resourceType, resource: resource.resource, ...eventData('output', output) },
    });
  };
  const answer = await integration(args, {
    pattern: resource.pattern,
    executionArn: world.executionArn,
    stateMachineArn: world.stateMachineArn,
    stateName: name,
    taskToken: task?.token,
    signal,
    clock: world.clock,
    submitted,
  });
  if (task === undefined) return answer ?? null;
  submitted(answer);
  return JSON.parse(await task.answer) as unknown;
}

/** Checks the result's size too: a result that is too large fails the task. */
async function recordFailure(visit: TaskVisit, resource: Resource, call: () => Promise<unknown>): Promise<unknown> {
  const { branch, name } = visit;
  try {
    const result = await call();
    checkPayload(result, name);
    return result;
  } catch (thrown) {
    branch.signal.throwIfAborted();
    const failure = thrown instanceof StateError ? thrown : new StateError('States.TaskFailed', String(thrown));
    const { error, cause } = failure;
    const type = error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed';
    const details = { resourceType: resource.resourceType, resource: resource.resource, error, cause };
    branch.record(type, { [type === 'TaskTimedOut' ? 'taskTimedOutEventDetails' : 'taskFailedEventDetails']: details });
    throw failure;
  }
}
