import { afterEach, describe, expect, test } from 'vitest';
import { newEvent } from '../../../../infra/local/event-bridge/event.ts';
import { type EventBridgeStandIn, startEventBridge } from '../../../../infra/local/event-bridge/event-bridge.ts';
import { ruleOf } from '../../../../infra/local/event-bridge/rule.ts';

const home = { region: 'eu-central-1', accountId: '111122223333' };
const ARN = 'arn:aws:events:eu-central-1:111122223333:rule/r';
let bus: EventBridgeStandIn | undefined;
afterEach(async () => bus?.close());

async function busWith(
  properties: object,
  options: { fails?: string; now?: () => number; sleep?: (ms: number) => Promise<void> } = {},
) {
  const delivered: [string, string][] = [];
  const problems: string[] = [];
  const { now = Date.now, sleep = () => new Promise<void>(() => undefined) } = options;
  bus = await startEventBridge({
    ...home,
    rules: [ruleOf('r', ARN, properties)],
    deliver: async ({ arn }, input) => {
      if (arn === options.fails) throw new Error('no such target');
      delivered.push([arn, input]);
    },
    onProblem: (problem) => problems.push(problem),
    clock: { now, sleep },
  });
  return { bus, delivered, problems };
}
const landed = (key: string) =>
  newEvent(
    { source: 'aws.s3', 'detail-type': 'Object Created', detail: { object: { key }, bucket: { name: 'b"1' } } },
    { ...home, now: 0 },
  );
const pattern = { source: ['aws.s3'], detail: { object: { key: [{ suffix: '.csv' }] } } };

describe('rules', () => {
  test('an event that matches reaches each target whole, another one none', async () => {
    const { bus, delivered } = await busWith({
      EventPattern: pattern,
      Targets: [
        { Id: 'a', Arn: 'A' },
        { Id: 'b', Arn: 'B' },
      ],
    });
    const event = landed('x.csv');
    await bus.put(event);
    await bus.put(landed('x.txt'));
    expect(delivered).toEqual([
      ['A', JSON.stringify(event)],
      ['B', JSON.stringify(event)],
    ]);
  });

  test('a disabled rule and a rule of another bus see nothing', async () => {
    const off = await busWith({ EventPattern: pattern, State: 'DISABLED', Targets: [{ Id: 'a', Arn: 'A' }] });
    await off.bus.put(landed('x.csv'));
    await off.bus.close();
    const other = await busWith({ EventPattern: pattern, EventBusName: 'mine', Targets: [{ Id: 'a', Arn: 'A' }] });
    await other.bus.put(landed('x.csv'));
    expect([...off.delivered, ...other.delivered]).toEqual([]);
    await other.bus.put(landed('x.csv'), 'mine');
    expect(other.delivered).toHaveLength(1);
  });

  test.each([
    ['a constant', { Input: '{"kind":"sweep"}' }, '{"kind":"sweep"}'],
    ['a part', { InputPath: '$.detail.object.key' }, '"x.csv"'],
    ['a part that is not there', { InputPath: '$.detail.nothing' }, 'null'],
    [
      'a template',
      {
        InputTransformer: {
          InputPathsMap: { key: '$.detail.object.key', type: '$.detail-type', bucket: '$.detail.bucket', none: '$.x' },
          InputTemplate:
            '{"key":<key>,"text":"<type> of <none><key>","bucket":<bucket>,"rule":"<aws.events.rule-name>"}',
        },
      },
      '{"key":"x.csv","text":"Object Created of x.csv","bucket":{"name":"b\\"1"},"rule":"r"}',
    ],
    [
      'a template with JSON inside text',
      { InputTransformer: { InputPathsMap: { bucket: '$.detail.bucket.name' }, InputTemplate: '"bucket <bucket>"' } },
      '"bucket b\\"1"',
    ],
  ])('a target may want %s', async (_, input, expected) => {
    const { bus, delivered } = await busWith({ EventPattern: pattern, Targets: [{ Id: 'a', Arn: 'A', ...input }] });
    await bus.put(landed('x.csv'));
    expect(delivered[0]?.[1]).toBe(expected);
    expect(() => JSON.parse(delivered[0]?.[1] ?? '')).not.toThrow();
  });

  test('what a target does not take is told and goes to its dead letters', async () => {
    const { bus, delivered, problems } = await busWith(
      { EventPattern: pattern, Targets: [{ Id: 'a', Arn: 'A', DeadLetterConfig: { Arn: 'DLQ' } }] },
      { fails: 'A' },
    );
    await bus.put(landed('x.csv'));
    expect(problems).toEqual(['rule r could not reach A: Error: no such target']);
    expect(delivered.map(([arn]) => arn)).toEqual(['DLQ']);
  });

  test('a schedule fires at its time, again and again, with a scheduled event', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    let wake: (() => void) | undefined;
    const waits: number[] = [];
    const sleep = (milliseconds: number) => {
      waits.push(milliseconds);
      return new Promise<void>((resolve) => {
        wake = resolve;
      });
    };
    const { delivered } = await busWith(
      { ScheduleExpression: 'rate(15 minutes)', Targets: [{ Id: 'a', Arn: 'A' }] },
      { now: () => now, sleep },
    );
    for (let turn = 0; turn < 2; turn += 1) {
      now += 900_000;
      wake?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(waits).toEqual([900_000, 900_000, 900_000]);
    expect(delivered).toHaveLength(2);
    expect(JSON.parse(delivered[1]?.[1] ?? '')).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time: '2026-01-01T00:30:00Z',
      resources: [ARN],
      detail: {},
    });
  });

  test('PutEvents refuses entries one by one', async () => {
    const { bus, delivered } = await busWith({
      EventPattern: { source: ['apportion'] },
      Targets: [{ Id: 'a', Arn: 'A' }],
    });
    const answers = await bus.putEvents([
      { Source: 'apportion', DetailType: 'BillPublished', Detail: '{"runId":"run_1"}' },
      { Source: 'apportion', DetailType: 'BillPublished', Detail: '[1]' },
      { Source: 'aws.s3', DetailType: 'Object Created', Detail: '{}' },
      { Source: 'apportion', Detail: '{}' },
    ]);
    expect(answers.map((answer) => ('ErrorCode' in answer ? answer.ErrorCode : 'accepted'))).toEqual([
      'accepted',
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
    ]);
    expect(delivered.map(([, input]) => JSON.parse(input).detail)).toEqual([{ runId: 'run_1' }]);
  });
});
