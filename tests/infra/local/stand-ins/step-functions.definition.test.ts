import { CreateStateMachineCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { elsewhere, openTestbed, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const end = { Type: 'Pass', End: true };
const orElse = (Next: string, Default: string) => ({
  Type: 'Choice',
  Choices: [{ Condition: '{% true %}', Next }],
  Default,
});
const branch = (states: Readonly<Record<string, object>>) => ({ StartAt: Object.keys(states)[0], States: states });

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
test.each<[string, Readonly<Record<string, Readonly<Record<string, unknown>>>>, Readonly<Record<string, unknown>>?]>([
  ['a Next that leads nowhere', { A: { Type: 'Pass', Next: 'Nowhere' } }],
  [
    'a Default that leads nowhere',
    { A: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'B' }], Default: 'C' }, B: end },
  ],
  [
    'a Catch that leads nowhere',
    { A: { Type: 'Parallel', Branches: [branch({ B: end })], Catch: [{ ErrorEquals: ['E'], Next: 'C' }], End: true } },
  ],
  [
    'a Next out of a Map',
    { A: { Type: 'Map', ItemProcessor: branch({ B: orElse('C', 'D'), D: end }), Next: 'C' }, C: end },
  ],
  [
    'a Next into a Map',
    { A: { Type: 'Map', ItemProcessor: branch({ B: end }), Next: 'C' }, C: orElse('B', 'D'), D: end },
  ],
  [
    'a state inside a Map that only the outside leads to',
    { A: { Type: 'Map', ItemProcessor: branch({ B: end, C: end }), Next: 'C' } },
  ],
  ['a StartAt that is no state', { A: end }, { StartAt: 'B' }],
  ['a state that nothing leads to', { A: end, B: end }],
  ['a state with neither Next nor End', { A: { Type: 'Pass' } }],
  ['a state with both Next and End', { A: { Type: 'Pass', Next: 'B', End: true }, B: end }],
  ['an unknown type', { A: { Type: 'Sleep', End: true } }],
  ['the JSONPath field ResultPath', { A: { Type: 'Pass', ResultPath: '$.a', End: true } }],
  ['the JSONPath field InputPath', { A: { Type: 'Pass', InputPath: '$.a', End: true } }],
  ['the JSONPath field Parameters', { A: { Type: 'Pass', Parameters: { 'a.$': '$.a' }, End: true } }],
  ['the JSONPath field SecondsPath', { A: { Type: 'Wait', SecondsPath: '$.a', End: true } }],
  [
    'the JSONPath field ItemsPath',
    { A: { Type: 'Map', ItemsPath: '$.a', ItemProcessor: branch({ B: end }), End: true } },
  ],
  [
    'ResultPath in a Catch',
    {
      A: {
        Type: 'Parallel',
        Branches: [branch({ B: end })],
        Catch: [{ ErrorEquals: ['E'], Next: 'C', ResultPath: '$.a' }],
        End: true,
      },
      C: end,
    },
  ],
  [
    'a JSONPath rule in a Choice',
    { A: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'B' }] }, B: end },
  ],
  ['an expression that does not parse', { A: { Type: 'Pass', Output: '{% 1 + %}', End: true } }],
  ['an expression that is not closed', { A: { Type: 'Pass', Output: { x: '{% 1 ' }, End: true } }],
  ['a variable called $states', { A: { Type: 'Pass', Assign: { states: 1 }, End: true } }],
  ['a Wait that says no time', { A: { Type: 'Wait', End: true } }],
  [
    'a Retry of less than no attempts',
    {
      A: {
        Type: 'Parallel',
        Branches: [branch({ B: end })],
        Retry: [{ ErrorEquals: ['E'], MaxAttempts: -1 }],
        End: true,
      },
    },
  ],
  [
    'two states of one name, one inside the other',
    { A: { Type: 'Parallel', Branches: [branch({ A: end })], End: true } },
  ],
])('%s is InvalidDefinition', async (_, states, machine) => {
  await expect(bed.create(states, machine)).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message: expect.stringMatching(/^Invalid State Machine Definition: '/),
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
test('a definition that is no JSON is InvalidDefinition', async () => {
  const created = bed.client.send(
    new CreateStateMachineCommand({ name: 'n', roleArn: 'arn:aws:iam::111122223333:role/x', definition: '{' }),
  );
  await expect(created).rejects.toMatchObject({ name: 'InvalidDefinition' });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
test.skipIf(elsewhere)('a Resource that no integration of this machine answers for is InvalidDefinition', async () => {
  const created = bed.create({ A: { Type: 'Task', Resource: 'arn:aws:states:::ecs:runTask.sync', End: true } });
  await expect(created).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message: expect.stringContaining('is not recognized'),
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
test.skipIf(elsewhere)(
  'JSONPath as the query language is InvalidDefinition: this machine reads JSONata only',
  async () => {
    await expect(bed.create({ A: end }, { QueryLanguage: 'JSONPath' })).rejects.toMatchObject({
      name: 'InvalidDefinition',
    });
  },
);
