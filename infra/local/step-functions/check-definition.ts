import validateStructure from 'asl-validator';
import { z } from 'zod';
import { MachineDefinition, type State, type StatesBlock } from './definition.ts';
import { compileExpression, expressionText, isExpression, jsonataMessage } from './expression.ts';
import { ServiceError } from './service-error.ts';
import { assignedBy, blocksOf, ownFields, targetsOf } from './state-fields.ts';
import { structureOutline } from './structure-outline.ts';

/** Bytes a definition may have. */
const DEFINITION_LIMIT_BYTES = 1_048_576;

/**
 * Reads a definition as CreateStateMachine does.
 *
 * asl-validator checks the structure; targets and reachability are checked here per set of states, since it looks for them
 * in the whole machine; expressions are compiled.
 *
 * @param isIntegrated whether a Task's Resource is one this machine can call.
 * @throws {ServiceError} InvalidDefinition.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
 */
export function checkDefinition(text: string, isIntegrated: (resource: string) => boolean): MachineDefinition {
  if (Buffer.byteLength(text) > DEFINITION_LIMIT_BYTES) throw invalid('INVALID_JSON_DESCRIPTION', 'larger than 1 MB');
  const raw = parseObject(text);
  const structure = validateStructure(structureOutline(raw), { checkPaths: true, checkArn: true });
  const parsed = MachineDefinition.safeParse(raw);
  if (!parsed.success) throw invalid('SCHEMA_VALIDATION_FAILED', z.prettifyError(parsed.error));
  checkBlock(parsed.data, 'State Machine', new Set(), isIntegrated);
  if (!structure.isValid) throw invalid('SCHEMA_VALIDATION_FAILED', structure.errorsText('; '));
  return parsed.data;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    throw invalid('INVALID_JSON_DESCRIPTION', 'the definition is not a JSON object');
  }
}

const invalid = (code: string, message: string) =>
  new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${code}: ${message}'`);

function checkBlock(
  block: StatesBlock,
  place: string,
  outerVariables: ReadonlySet<string>,
  isIntegrated: (resource: string) => boolean,
): void {
  const states = Object.entries(block.States);
  checkTransitions(block, place);
  const own = new Set(states.flatMap(([, state]) => assignedBy(state)));
  const visible = new Set([...outerVariables, ...own]);
  for (const [name, state] of states) {
    const path = `${place}/States/${name}`;
    checkVariableNames(state, path, outerVariables);
    checkExpressions(ownFields(state), path);
    if (state.Type === 'Task' && !isIntegrated(state.Resource))
      throw invalid('SCHEMA_VALIDATION_FAILED', `The resource provided ${state.Resource} is not recognized at ${path}`);
    for (const inner of blocksOf(state)) checkBlock(inner, path, visible, isIntegrated);
  }
}

function checkTransitions({ StartAt, States }: StatesBlock, place: string): void {
  if (!Object.hasOwn(States, StartAt))
    throw invalid('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${StartAt} at ${place}/StartAt`);
  const reached = new Set([StartAt]);
  for (const name of reached)
    for (const target of targetsOf(States[name] as State)) {
      if (!Object.hasOwn(States, target))
        throw invalid('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${target} at ${place}/States/${name}`);
      reached.add(target);
    }
  const lost = Object.keys(States).find((name) => !reached.has(name));
  if (lost !== undefined)
    throw invalid('MISSING_TRANSITION_TARGET', `State "${lost}" is not reachable at ${place}/States/${lost}`);
}

const VARIABLE_NAME = /^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u;

/** An inner set of states may read the variables around it, not set one of the same name: they could not both be meant. */
function checkVariableNames(state: State, path: string, outer: ReadonlySet<string>): void {
  for (const name of assignedBy(state)) {
    if (name === 'states' || !VARIABLE_NAME.test(name))
      throw invalid('SCHEMA_VALIDATION_FAILED', `'${name}' is no name for a variable at ${path}/Assign`);
    if (outer.has(name))
      throw invalid('SCHEMA_VALIDATION_FAILED', `'${name}' is a variable of the outer scope at ${path}/Assign`);
  }
}

function checkExpressions(value: unknown, path: string): void {
  if (typeof value === 'string') {
    if (value.startsWith('{%') !== value.endsWith('%}'))
      throw invalid('SCHEMA_VALIDATION_FAILED', `A JSONata expression begins with {% and ends with %} at ${path}`);
    if (isExpression(value)) checkExpression(value, path);
  } else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) checkExpressions(inner, `${path}/${key}`);
}

function checkExpression(value: string, path: string): void {
  try {
    compileExpression(expressionText(value));
  } catch (thrown) {
    throw invalid('INVALID_JSONATA_EXPRESSION', `${jsonataMessage(thrown)} at ${path}`);
  }
}
