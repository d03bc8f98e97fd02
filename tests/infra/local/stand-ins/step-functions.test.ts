import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestbed, type States, type Testbed } from './step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const pass = (more: Readonly<Record<string, unknown>>) => ({
  Type: 'Pass',
  ...('Next' in more ? {} : { End: true }),
  ...more,
});
const outputOf = async (template: unknown, input: unknown = {}) => {
  const { output, error, cause } = await bed.run({ A: pass({ Output: template }) }, input);
  return error === undefined ? output : { error, cause };
};

// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
describe('an expression', () => {
  test('stands anywhere in a value and everything else is kept as it is', async () => {
    const template = { sum: '{% 1 + $states.input.a %}', list: ['x', '{% "y" & "z" %}', 3, null, true, ''] };
    expect(await outputOf(template, { a: 2 })).toEqual({ sum: 3, list: ['x', 'yz', 3, null, true, ''] });
    expect(await outputOf('plain text')).toBe('plain text');
    expect(await outputOf([])).toEqual([]);
  });

  test('keeps large integers, decimals, empty lists and nulls as JSON has them', async () => {
    const input = { a: 9007199254740991, b: 0.1, c: [], d: null, e: [1], f: [[]], g: 'ü' };
    expect(await outputOf('{% $states.input %}', input)).toEqual(input);
    expect(
      await outputOf({ c: '{% $states.input.c %}', d: '{% $states.input.d %}', e: '{% $states.input.e %}' }, input),
    ).toEqual({
      c: [],
      d: null,
      e: [1],
    });
  });

  test('may have line breaks', async () => {
    expect(await outputOf('{%\n  $sum(\n    $states.input.n\n  )\n%}', { n: [1, 2] })).toBe(3);
  });

  test('that yields nothing fails with States.QueryEvaluationError and names its field', async () => {
    expect(await outputOf({ deep: { x: '{% $states.input.nope %}' } })).toEqual({
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'A' (entered at the event id #2). The JSONata expression '$states.input.nope' specified for the field 'Output/deep/x' returned nothing (undefined).",
    });
  });

  test('that throws, or yields a function, fails with States.QueryEvaluationError', async () => {
    for (const expression of ['{% 1 + "a" %}', '{% function($x){$x} %}', '{% $error("mine") %}', '{% $eval("1") %}'])
      expect(await outputOf(expression)).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  test('has the functions of Step Functions: $partition, $range, $hash, $random, $uuid, $parse', async () => {
    const template = {
      p: '{% $partition([1,2,3], 2) %}',
      r: '{% $range(0, 4, 2) %}',
      down: '{% $range(2, 0, -1) %}',
      h: "{% $hash('a', 'SHA-256') %}",
      md5: "{% $hash('a', 'MD5') %}",
      u: '{% $length($uuid()) %}',
      j: `{% $parse('{"k":[1]}').k %}`,
      f: '{% $random() < 1 %}',
      seeded: '{% $random(7) = $random(7) %}',
    };
    expect(await outputOf(template)).toEqual({
      p: [[1, 2], [3]],
      r: [0, 2, 4],
      down: [2, 1, 0],
      h: createHash('sha256').update('a').digest('hex'),
      md5: createHash('md5').update('a').digest('hex'),
      u: 36,
      j: [1],
      f: true,
      seeded: true,
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
  test('sees the context object: execution, state machine and state', async () => {
    const arn = await bed.create({ A: pass({ Output: '{% $states.context %}' }) });
    const executionArn = await bed.start(arn, { i: 1 }, 'run-1');
    expect((await bed.ended(executionArn)).output).toEqual({
      Execution: {
        Id: executionArn,
        Input: { i: 1 },
        Name: 'run-1',
        RoleArn: expect.stringMatching(/:role\//),
        StartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        RedriveCount: 0,
      },
      StateMachine: { Id: arn, Name: arn.split(':').at(-1) },
      State: { Name: 'A', EnteredTime: expect.stringMatching(/Z$/), RetryCount: 0 },
    });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
describe('Assign', () => {
  test('and Output of the same state both see the values from before', async () => {
    const { output } = await bed.run({
      A: pass({ Assign: { x: 1 }, Next: 'B' }),
      B: pass({ Assign: { x: '{% $x + 1 %}', y: '{% $x %}' }, Output: { x: '{% $x %}' }, Next: 'C' }),
      C: pass({ Output: { b: '{% $states.input.x %}', x: '{% $x %}', y: '{% $y %}' } }),
    });
    expect(output).toEqual({ b: 1, x: 2, y: 1 });
  });

  test('of two variables swaps them, since neither sees the other’s new value', async () => {
    const { output } = await bed.run({
      A: pass({ Assign: { a: 1, b: 2 }, Next: 'B' }),
      B: pass({ Assign: { a: '{% $b %}', b: '{% $a %}' }, Next: 'C' }),
      C: pass({ Output: '{% [$a, $b] %}' }),
    });
    expect(output).toEqual([2, 1]);
  });

  test('that fails assigns nothing and a Catch sees the old values', async () => {
    const { output } = await bed.run({
      A: pass({ Assign: { x: 'old' }, Next: 'P' }),
      P: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: pass({}) } }],
        Assign: { x: 'new', y: '{% $states.input.nope %}' },
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'C', Assign: { seen: '{% $x %}' } }],
        End: true,
      },
      C: pass({ Output: '{% [$x, $seen] %}' }),
    });
    expect(output).toEqual(['old', 'old']);
  });

  test('in a Map’s iterations and a Parallel’s branches stays there, and outer variables can be read there', async () => {
    const inner = (value: unknown) => ({
      ItemProcessor: {
        StartAt: 'In',
        States: { In: pass({ Assign: { mine: value }, Next: 'Out' }), Out: pass({ Output: '{% $mine + $k %}' }) },
      },
    });
    const { output } = await bed.run({
      A: pass({ Assign: { k: 10 }, Next: 'M' }),
      M: {
        Type: 'Map',
        Items: [1, 2, 3],
        ...inner('{% $states.input %}'),
        Assign: { got: '{% $states.result %}' },
        Next: 'P',
      },
      P: {
        Type: 'Parallel',
        Branches: [1, 2].map((n) => ({
          StartAt: `B${n}`,
          States: {
            [`B${n}`]: pass({ Assign: { own: n }, Next: `E${n}` }),
            [`E${n}`]: pass({ Output: '{% $own * $k %}' }),
          },
        })),
        Next: 'Z',
      },
      Z: pass({
        Output: { got: '{% $got %}', last: '{% $states.input %}', mine: '{% $exists($mine) or $exists($own) %}' },
      }),
    });
    expect(output).toEqual({ got: [11, 12, 13], last: [10, 20], mine: false });
  });

  test('in an inner set of states cannot take the name of an outer variable', async () => {
    const created = bed.create({
      A: pass({ Assign: { k: 10 }, Next: 'M' }),
      M: {
        Type: 'Map',
        Items: [1],
        ItemProcessor: { StartAt: 'In', States: { In: pass({ Assign: { k: 1 } }) } },
        End: true,
      },
    });
    await expect(created).rejects.toMatchObject({ name: 'InvalidDefinition' });
  });
});

describe('a Choice', () => {
  const states: States = {
    C: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.a = 1 %}', Next: 'S' },
        {
          Condition: '{% $states.input.a = 3 %}',
          Next: 'S',
          Assign: { seen: 3 },
          Output: { was: '{% $states.input.a %}' },
        },
      ],
      Default: 'F',
    },
    S: { Type: 'Succeed' },
    F: { Type: 'Fail', Error: '{% "E" & $states.input.a %}', Cause: '{% "a was " & $states.input.a %}' },
  };

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
  test('takes the first rule that is true and hands its input on unless the rule has an Output', async () => {
    expect((await bed.run(states, { a: 1 })).output).toEqual({ a: 1 });
    expect((await bed.run(states, { a: 3 })).output).toEqual({ was: 3 });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
  test('takes Default otherwise, and a Fail’s Error and Cause may be expressions', async () => {
    expect(await bed.run(states, { a: 2 })).toMatchObject({ status: 'FAILED', error: 'E2', cause: 'a was 2' });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
  test('without a Default fails with States.NoChoiceMatched', async () => {
    const { Default: _, ...choice } = states.C ?? {};
    expect(await bed.run({ C: choice, S: { Type: 'Succeed' } }, { a: 2 })).toMatchObject({
      error: 'States.NoChoiceMatched',
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
  test('whose Condition is no boolean fails with States.QueryEvaluationError', async () => {
    const choice = { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a %}', Next: 'S' }] };
    expect(await bed.run({ C: choice, S: { Type: 'Succeed' } }, { a: 'yes' })).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("Expected 'boolean', but was 'string'"),
    });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
describe('a Wait', () => {
  // https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
  test('lasts the seconds that its expression yields', async () => {
    const arn = await bed.start(
      await bed.create({ W: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } }),
      { s: 2 },
    );
    await bed.passSeconds(1.5);
    expect((await bed.describe(arn)).status).toBe('RUNNING');
    await bed.passSeconds(0.6);
    expect(await bed.ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: { s: 2 } });
  });

  test('until a time that has passed goes on at once', async () => {
    const states = { W: { Type: 'Wait', Timestamp: '{% $states.input.t %}', End: true } };
    expect((await bed.run(states, { t: '2020-01-01T00:00:00Z' })).status).toBe('SUCCEEDED');
  });

  test('for something that is no number of seconds fails with States.QueryEvaluationError', async () => {
    const states = { W: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } };
    expect(await bed.run(states, { s: -1 })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html
test('a Succeed ends with its Output', async () => {
  expect((await bed.run({ S: { Type: 'Succeed', Output: { a: '{% $states.input.a %}' } } }, { a: 5 })).output).toEqual({
    a: 5,
  });
});
