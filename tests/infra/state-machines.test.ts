import validateAsl from 'asl-validator';
import jsonata from 'jsonata';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LAKE } from '../../lib/names/lake-keys.ts';
import {
  ANNOUNCE_STEP,
  BATCH_STEP,
  CLOSE_STEP,
  RECEIVE_BILL_CHOICES,
  RECEIVE_BILL_ENDS,
  RECEIVE_BILL_STEPS,
  SHARD_STEP,
  SPLIT_BILL_CHOICES,
  SPLIT_BILL_ENDS,
  SPLIT_BILL_STEPS,
} from '../../lib/names/steps.ts';
import { resolved, synthesize } from './synthesized.ts';

interface State {
  readonly Type: string;
  readonly Next?: string | undefined;
  readonly Default?: string | undefined;
  readonly Choices?: readonly { readonly Next: string }[] | undefined;
  readonly Catch?:
    | readonly { readonly ErrorEquals: readonly string[]; readonly Next: string; readonly Output?: unknown }[]
    | undefined;
  readonly ItemProcessor?: { readonly StartAt: string; readonly States: Readonly<Record<string, State>> } | undefined;
  readonly [field: string]: unknown;
}

const State: z.ZodType<State> = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
  Catch: z
    .array(z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string(), Output: z.unknown().optional() }))
    .optional(),
  ItemProcessor: z.looseObject({ StartAt: z.string(), States: z.lazy(() => z.record(z.string(), State)) }).optional(),
});
const Definition = z.looseObject({
  StartAt: z.string(),
  TimeoutSeconds: z.number(),
  States: z.record(z.string(), State),
});

const stack = resolved(synthesize().text);
const definitionOf = (name: string) => {
  const machine = [...stack.resources.values()].find(
    (resource) => resource.type === 'AWS::StepFunctions::StateMachine' && resource.name === `Apportion-${name}`,
  );
  const text = String(machine?.properties.DefinitionString);
  return { text, definition: Definition.parse(JSON.parse(text)), properties: machine?.properties };
};
const receiveBill = definitionOf('ReceiveBill');
const splitBill = definitionOf('SplitBill');
const bothMachines = [
  ['ReceiveBill', receiveBill],
  ['SplitBill', splitBill],
] as const;

/** The value of an expression of the definition, as Step Functions would have it. */
async function evaluated(field: unknown, states: object, variables: object = {}): Promise<unknown> {
  const source = /^\{%(.*)%\}$/s.exec(String(field))?.[1];
  if (source === undefined) throw new Error(`${field} is no expression`);
  const value: unknown = await jsonata(source).evaluate({}, { ...variables, states });
  return value;
}

test('the states of ReceiveBill are the steps, choices and ends that lib/names knows', () => {
  const names = [...RECEIVE_BILL_STEPS, ...RECEIVE_BILL_CHOICES, CLOSE_STEP, ...RECEIVE_BILL_ENDS];
  expect(Object.keys(receiveBill.definition.States).sort()).toEqual([...names].sort());
  expect(Object.keys(receiveBill.definition.States.ConvertFiles?.ItemProcessor?.States ?? {})).toEqual([BATCH_STEP]);
});

test('the states of SplitBill are the steps, choices and ends that lib/names knows', () => {
  const names = [...SPLIT_BILL_STEPS, ...SPLIT_BILL_CHOICES, ANNOUNCE_STEP, CLOSE_STEP, ...SPLIT_BILL_ENDS];
  expect(Object.keys(splitBill.definition.States).sort()).toEqual([...names].sort());
  expect(Object.keys(splitBill.definition.States.PriceShards?.ItemProcessor?.States ?? {})).toEqual([SHARD_STEP]);
});

describe.each(bothMachines)('%s', (_, { text, definition, properties }) => {
  const states = Object.entries(definition.States);

  test('is a state machine to a judge that nobody here wrote', () => {
    const { isValid, errorsText } = validateAsl(JSON.parse(text));
    expect(isValid, errorsText()).toBe(true);
  });

  test('leads to states that exist, and every state can be reached', () => {
    const reached = new Set([definition.StartAt]);
    for (const name of reached) {
      const state = definition.States[name];
      expect(state, name).toBeDefined();
      const targets = [state?.Next, state?.Default, ...(state?.Choices ?? []), ...(state?.Catch ?? [])];
      for (const target of targets) {
        const next = typeof target === 'object' ? target.Next : target;
        if (next !== undefined) reached.add(next);
      }
    }
    expect([...reached].sort()).toEqual(states.map(([name]) => name).sort());
  });

  test('catches whatever a state can raise, and all but the last two words lead to CloseRun', () => {
    const working = states.filter(([, { Type }]) => Type === 'Task' || Type === 'Map');
    for (const [name, { Catch }] of working)
      expect([name, Catch?.map(({ ErrorEquals, Next }) => [...ErrorEquals, Next])]).toEqual([
        name,
        [['States.ALL', name === CLOSE_STEP ? 'Failed' : name === ANNOUNCE_STEP ? 'Published' : CLOSE_STEP]],
      ]);
  });

  test('tells CloseRun which error it was, and in which state', async () => {
    const told = Object(Object(definition.States[CLOSE_STEP]?.Arguments).Payload);
    const error = { Error: 'Error', Cause: '{}' };
    for (const [name, { Catch }] of states) {
      const [caught] = Catch ?? [];
      if (caught?.Next !== CLOSE_STEP) continue;
      const output: Record<string, unknown> = {};
      for (const [field, expression] of Object.entries(Object(caught.Output)))
        output[field] = await evaluated(expression, { errorOutput: error, context: { State: { Name: name } } });
      expect(await evaluated(told.error, { input: output })).toEqual(error);
      expect(await evaluated(told.step, { input: output })).toBe(name);
    }
  });

  test('gives every task a time-out, and every worker a heartbeat', () => {
    const inner = states.flatMap(([, { ItemProcessor }]) => Object.entries(ItemProcessor?.States ?? {}));
    for (const [name, state] of [...states, ...inner].filter(([, { Type }]) => Type === 'Task'))
      expect([name, state.TimeoutSeconds]).toEqual([name, expect.any(Number)]);
    for (const [, worker] of inner) expect(worker).toMatchObject({ HeartbeatSeconds: 900, TimeoutSeconds: 3600 });
  });

  test('logs errors only, without the data of a bill', () => {
    expect(properties?.LoggingConfiguration).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
  });
});

describe('SplitByShard', () => {
  const task = splitBill.definition.States.SplitByShard;
  const run = { runId: `run_${'a'.repeat(40)}`, splitSelect: "SELECT 'x' AS a, 1 AS shard" };
  const attempt = (RetryCount: number, RedriveCount?: number) => ({
    context: {
      Execution: { Id: 'arn:execution', ...(RedriveCount === undefined ? {} : { RedriveCount }) },
      State: { Name: 'SplitByShard', RetryCount },
    },
  });

  test('unloads the plan’s SELECT into a folder of its attempt, by shard', async () => {
    const { QueryString } = Object(task?.Arguments);
    const lake = [...stack.resources.values()].find(({ logicalId }) => logicalId.startsWith('StorageLakeBucket'))?.name;
    expect(await evaluated(QueryString, attempt(1), run)).toBe(
      `UNLOAD (SELECT 'x' AS a, 1 AS shard) TO 's3://${lake}/${LAKE.splitLocation(run.runId, '1-0')}' ` +
        `WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['shard'])`,
    );
  });

  test('tells workers the attempt that succeeded', async () => {
    const { splitAttempt } = Object(task?.Assign);
    expect(await evaluated(splitAttempt, attempt(0))).toBe('0-0');
    expect(await evaluated(splitAttempt, attempt(2, 1))).toBe('2-1');
  });

  test('asks for another query on each retry and redrive, and for the same one when Athena’s answer was lost', async () => {
    const { ClientRequestToken } = Object(task?.Arguments);
    const hash = { hash: (data: string) => data };
    const tokens = [attempt(0), attempt(0), attempt(1), attempt(0, 1)].map((states) =>
      evaluated(ClientRequestToken, states, hash),
    );
    const [first, again, retried, redriven] = await Promise.all(tokens);
    expect(again).toBe(first);
    expect(new Set([first, retried, redriven]).size).toBe(3);
  });
});

describe('Reconcile', () => {
  const { lists } = Object(Object(splitBill.definition.States.Reconcile?.Arguments).Payload);

  test('gets the list of a single shard as a list', async () => {
    expect(await evaluated(lists, { input: { lists: [{ shard: 0 }] } }, { shards: [0] })).toEqual([{ shard: 0 }]);
  });

  test('gets no lists of a bill without rows', async () => {
    expect(await evaluated(lists, { input: { planKey: 'plan' } }, { shards: [] })).toEqual([]);
  });
});

test('CloseRun’s word decides the end, and an unknown word is a failure', async () => {
  for (const [machine, ends] of [
    [receiveBill, ['Quarantined']],
    [splitBill, ['Published', 'Quarantined', 'Superseded']],
  ] as const) {
    const choice = machine.definition.States.WhichEnd;
    expect(choice).toMatchObject({ Default: 'Failed', Choices: ends.map((end) => ({ Next: end })) });
    for (const [index, end] of ends.entries()) {
      const { Condition } = Object(choice?.Choices?.[index]);
      expect(await evaluated(Condition, { input: { end } })).toBe(true);
      expect(await evaluated(Condition, { input: { end: 'Swept' } })).toBe(false);
    }
  }
});

test('a run that a newer one took over ends well; a bad bill does not', () => {
  expect(splitBill.definition.States.Superseded?.Type).toBe('Succeed');
  expect(splitBill.definition.States.Quarantined).toMatchObject({ Type: 'Fail', Error: 'Quarantined' });
});
