import { describe, expect, test } from 'vitest';
import { AlarmProperties } from '../../../../infra/local/cloudwatch/alarm-definition.ts';
import { startCloudWatch } from '../../../../infra/local/cloudwatch/cloudwatch.ts';
import { embeddedMetrics } from '../../../../infra/local/cloudwatch/embedded-metrics.ts';
import { evaluateAlarm } from '../../../../infra/local/cloudwatch/evaluate-alarm.ts';
import { evaluateExpression } from '../../../../infra/local/cloudwatch/metric-math.ts';

const alarm = (properties: object = {}) =>
  AlarmProperties.parse({
    ...{ AlarmName: 'a', ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1 },
    ...{ EvaluationPeriods: 3, TreatMissingData: 'notBreaching' },
    ...{ Namespace: 'n', MetricName: 'm', Period: 60, Statistic: 'Sum' },
    ...properties,
  });
const points = (text: string) => [...text].map((one) => (one === '-' ? undefined : one === 'X' ? 1 : 0));

/** The tables of the CloudWatch guide, "Configuring how CloudWatch alarms treat missing data": five points, three looked at. */
describe('an alarm over three periods with missing data', () => {
  test.each([
    ['0-X-X', 'OK', 'OK'],
    ['-X---', 'OK', 'ALARM'],
    ['00---', 'OK', 'OK'],
    ['0----', 'OK', 'OK'],
    ['-----', 'OK', 'ALARM'],
    ['XXX--', 'ALARM', 'ALARM'],
    ['--XXX', 'ALARM', 'ALARM'],
  ])('%s is %s where missing is well, %s where it is not', (given, notBreaching, breaching) => {
    expect(evaluateAlarm(alarm(), points(given))).toBe(notBreaching);
    expect(evaluateAlarm(alarm({ TreatMissingData: 'breaching' }), points(given))).toBe(breaching);
  });

  test('rings at two of three where two are enough', () => {
    expect(evaluateAlarm(alarm({ DatapointsToAlarm: 2 }), points('00X0X'))).toBe('ALARM');
    expect(evaluateAlarm(alarm(), points('00X0X'))).toBe('OK');
  });

  test('is refused with a treatment that is not played', () => {
    expect(() => alarm({ TreatMissingData: 'ignore' })).toThrow();
  });
});

describe('metric math', () => {
  const metrics = new Map([
    ['m1', [1, undefined, 3]],
    ['m2', [undefined, undefined, undefined]],
    ['m3', [10, 20, undefined]],
  ]);
  test.each([
    ['m1 + m3', [11, undefined, undefined]],
    ['m1 + m2', [undefined, undefined, undefined]],
    ['FILL(m1, 0) + FILL(m3, 0)', [11, 20, 3]],
    ['SUM(METRICS())', [11, 20, 3]],
    ['SUM(FILL(METRICS(), 0))', [11, 20, 3]],
    ['SUM([m1, m2])', [1, undefined, 3]],
    ['(m1 - 1) * 2 / 4', [0, undefined, 1]],
  ])('%s', (expression, expected) => {
    expect(evaluateExpression(expression, metrics)).toEqual(expected);
  });

  test.each(['m4', 'RATE(m1)', 'm1 +', 'm1 m3', 'METRICS()', 'SUM(m1)'])('%s is refused', (expression) => {
    expect(() => evaluateExpression(expression, metrics)).toThrow();
  });
});

test('a line in the embedded metric format is its metrics, any other line none', () => {
  const line = {
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [
        { Namespace: 'Apportion', Dimensions: [['service']], Metrics: [{ Name: 'Runs', Unit: 'Count' }] },
      ],
    },
    service: 'apportion',
    Runs: [1, 2],
  };
  const metric = { namespace: 'Apportion', name: 'Runs', dimensions: { service: 'apportion' } };
  expect(embeddedMetrics(JSON.stringify(line))).toEqual([
    { metric, value: 1 },
    { metric, value: 2 },
  ]);
  expect(embeddedMetrics('{"CloudWatchMetrics"')).toEqual([]);
  expect(embeddedMetrics('{"message":"CloudWatchMetrics"}')).toEqual([]);
});

test('an alarm looks at whole periods that end with the minute, and tells of a change once', async () => {
  let now = Date.UTC(2025, 3, 1, 12, 0, 30);
  const changes: string[] = [];
  const cloudWatch = await startCloudWatch({
    alarms: [alarm({ EvaluationPeriods: 1, Period: 300 })],
    now: () => now,
    onStateChange: ({ state }, before) => changes.push(`${before} ${state}`),
  });
  try {
    const metric = { namespace: 'n', name: 'm', dimensions: {} };
    cloudWatch.put({ ...metric, dimensions: { other: 'one' } }, 5);
    cloudWatch.put(metric, 1);
    cloudWatch.evaluate();
    expect(changes).toEqual(['INSUFFICIENT_DATA OK']);
    for (let minute = 1; minute <= 20; minute += 1) {
      now += 60_000;
      cloudWatch.evaluate();
      expect(cloudWatch.alarms()[0]?.state).toBe(minute <= 15 ? 'ALARM' : 'OK');
    }
    expect(changes).toEqual(['INSUFFICIENT_DATA OK', 'OK ALARM', 'ALARM OK']);
  } finally {
    await cloudWatch.close();
  }
});
