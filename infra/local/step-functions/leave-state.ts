import { evaluateTemplate } from './evaluate-template.ts';
import { eventData } from './event-data.ts';
import { checkPayload } from './payload-limit.ts';
import type { VariableValues } from './variables.ts';
import { evaluationScope, type Transition, type Visit } from './visit.ts';

/** One way out of a state. */
export interface WayOut {
  readonly Assign?: Readonly<Record<string, unknown>> | undefined;
  readonly Output?: unknown;
  /** Where the two fields stand: empty for the state's own, `Catch[0]/` or `Choices[1]/` otherwise. */
  readonly path: string;
  /** What `$states` holds besides input and context. */
  readonly found: { readonly result?: unknown; readonly errorOutput?: unknown };
  /** The output where no Output is given. */
  readonly unchanged: unknown;
  readonly next: string | undefined;
}

/**
 * Evaluates Assign and Output, both with the variables as they were on entry, and leaves.
 *
 * @throws {StateError} from an expression, or where a payload is too large.
 */
export async function leaveState(visit: Visit, wayOut: WayOut): Promise<Transition> {
  const { name, branch, variables } = visit;
  const scope = evaluationScope(visit, wayOut.found);
  const assigned: [string, unknown][] = [];
  for (const [variable, template] of Object.entries(wayOut.Assign ?? {}))
    assigned.push([variable, await evaluateTemplate(template, `${wayOut.path}Assign/${variable}`, scope)]);
  const output =
    wayOut.Output === undefined
      ? wayOut.unchanged
      : await evaluateTemplate(wayOut.Output, `${wayOut.path}Output`, scope);
  checkPayload(output, name);
  if (assigned.length > 0) variables.assign(Object.fromEntries(assigned), name);
  branch.record(`${visit.state.Type}StateExited`, {
    stateExitedEventDetails: { name, ...eventData('output', output), ...assignedDetails(assigned) },
  });
  return { output, next: wayOut.next };
}

const assignedDetails = (assigned: readonly (readonly [string, unknown])[]): VariableValues =>
  assigned.length === 0
    ? {}
    : {
        assignedVariables: Object.fromEntries(assigned.map(([variable, value]) => [variable, JSON.stringify(value)])),
        assignedVariablesDetails: { truncated: false },
      };

/** The way out by a state's own Next or End. */
export const ownWayOut = (
  state: {
    readonly Assign?: Readonly<Record<string, unknown>> | undefined;
    readonly Output?: unknown;
    readonly Next?: string | undefined;
  },
  unchanged: unknown,
  found: WayOut['found'] = {},
): WayOut => ({ Assign: state.Assign, Output: state.Output, path: '', found, unchanged, next: state.Next });
