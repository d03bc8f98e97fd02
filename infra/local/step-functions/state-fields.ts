import type { State, StatesBlock } from './definition.ts';

/** The sets of states inside a state: a Map's processor, a Parallel's branches. */
export function blocksOf(state: State): readonly StatesBlock[] {
  if (state.Type === 'Map') return [state.ItemProcessor];
  return state.Type === 'Parallel' ? state.Branches : [];
}

/** Every state a state can go to. */
export function targetsOf(state: State): readonly string[] {
  const targets: (string | undefined)[] = [];
  if ('Next' in state) targets.push(state.Next);
  if (state.Type === 'Choice') targets.push(state.Default, ...state.Choices.map(({ Next }) => Next));
  if ('Catch' in state) targets.push(...(state.Catch ?? []).map(({ Next }) => Next));
  return targets.filter((target) => target !== undefined);
}

/** The names of all variables a state sets, on whatever way out. */
export function assignedBy(state: State): readonly string[] {
  const assigns = [
    'Assign' in state ? state.Assign : undefined,
    ...(state.Type === 'Choice' ? state.Choices.map(({ Assign }) => Assign) : []),
    ...('Catch' in state ? (state.Catch ?? []).map(({ Assign }) => Assign) : []),
  ];
  return assigns.flatMap((assign) => Object.keys(assign ?? {}));
}

/** A state's own fields, without the states inside it. */
export function ownFields(state: State): Readonly<Record<string, unknown>> {
  if (state.Type === 'Map') {
    const { ItemProcessor: _, ...own } = state;
    return own;
  }
  if (state.Type === 'Parallel') {
    const { Branches: _, ...own } = state;
    return own;
  }
  return state;
}
