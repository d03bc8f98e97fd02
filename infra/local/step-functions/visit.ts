import type { Branch } from './branch.ts';
import type { State } from './definition.ts';
import type { EvaluationScope } from './evaluate-template.ts';
import type { VariableScope } from './variables.ts';

/** One stay in a state: from its entry to its exit, over all attempts. */
export interface Visit<S extends State = State> {
  readonly name: string;
  readonly state: S;
  readonly input: unknown;
  readonly variables: VariableScope;
  readonly branch: Branch;
  /** Milliseconds. */
  readonly enteredAt: number;
  readonly enteredEventId: number;
  /** Attempts before this one. */
  readonly retryCount: number;
  /** The token of this attempt, where it waits for one. */
  readonly taskToken?: string;
}

/** Where a state leads: undefined `next` ends the set of states. */
export interface Transition {
  readonly output: unknown;
  readonly next: string | undefined;
}

/** What an expression of this state sees at this moment. */
export function evaluationScope(
  visit: Visit,
  found: { readonly result?: unknown; readonly errorOutput?: unknown } = {},
): EvaluationScope {
  return {
    stateName: visit.name,
    enteredEventId: visit.enteredEventId,
    states: { input: visit.input, ...found, context: contextObject(visit) },
    variables: visit.variables.visible(),
    clock: visit.branch.world.clock,
  };
}

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/**
 * `$states.context`.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
function contextObject({ name, branch, enteredAt, retryCount, taskToken }: Visit): unknown {
  const { world, mapItem } = branch;
  return {
    Execution: {
      Id: world.executionArn,
      Input: world.input,
      Name: world.executionName,
      RoleArn: world.roleArn,
      StartTime: iso(world.startedAt),
      RedriveCount: world.redriveCount,
      ...(world.redrivenAt === undefined ? {} : { RedriveTime: iso(world.redrivenAt) }),
    },
    StateMachine: { Id: world.stateMachineArn, Name: world.stateMachineName },
    State: { EnteredTime: iso(enteredAt), Name: name, RetryCount: retryCount },
    ...(taskToken === undefined ? {} : { Task: { Token: taskToken } }),
    ...(mapItem === undefined ? {} : { Map: { Item: mapItem } }),
  };
}
