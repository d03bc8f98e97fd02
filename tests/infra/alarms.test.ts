import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRICS } from '../../lib/names/metrics.ts';
import { QUEUES } from '../../lib/names/queues.ts';
import { FAULTS_AT_REST, FAULTS_AT_WORK } from '../journeys/alarms/faults.ts';
import { resolved, synthesize } from './synthesized.ts';

const { text, ofType } = synthesize();
const alarms = [...resolved(text).resources.values()].filter(({ type }) => type === 'AWS::CloudWatch::Alarm');
const names = alarms.map(({ name }) => name.replace(/^Apportion-/, ''));
const runbook = readFileSync('docs/runbook.md', 'utf8');
const sections = new Map(
  runbook
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section]),
);
const GENERAL = ['A run is quarantined', 'A run failed', 'Work in a dead-letter queue'];

test('every alarm has its heading in the runbook, and every heading its alarm', () => {
  expect([...sections.keys()].filter((heading) => !GENERAL.includes(heading)).sort()).toEqual([...names].sort());
});

test.each([...sections])('the runbook says of "%s" what it is, where to look and what to do', (_, section) => {
  expect(section.match(/^\*\*(Description|Investigation|Resolution)\.\*\*/gm)).toEqual([
    '**Description.**',
    '**Investigation.**',
    '**Resolution.**',
  ]);
});

test.each(GENERAL)('the runbook has the heading "%s" that problems refer to', (heading) => {
  expect(sections.has(heading)).toBe(true);
});

test('every heading of the runbook is exercised by a planted fault', () => {
  const planted = [...Object.keys(FAULTS_AT_REST), ...Object.keys(FAULTS_AT_WORK)];
  expect([...sections.keys()].filter((heading) => !planted.includes(heading))).toEqual([]);
  expect(planted.filter((heading) => !sections.has(heading))).toEqual([]);
});

test('no alarm adds up metrics so that a missing one hides the others', () => {
  for (const { properties } of alarms)
    for (const { Expression } of Array.isArray(properties.Metrics) ? properties.Metrics.map(Object) : [])
      if (Expression !== undefined) expect(Expression).toBe('SUM(FILL(METRICS(), 0))');
});

test('every alarm’s description links to its heading', () => {
  for (const [index, { properties }] of alarms.entries())
    expect(properties.AlarmDescription).toMatch(new RegExp(` See docs/runbook\\.md#${names[index]}$`));
});

test('every queue has an alarm on its DLQ and on its oldest message', () => {
  for (const queue of Object.keys(QUEUES)) {
    expect(names).toContain(`work-in-${queue}-dlq`);
    expect(names).toContain(`old-work-in-${queue}`);
  }
});

test('a machine’s alarm counts failed, timed out and aborted executions', () => {
  for (const [name, machine] of [
    ['receive-bill-failed', 'ReceiveBill'],
    ['split-bill-failed', 'SplitBill'],
  ]) {
    const metrics = JSON.stringify(alarms[names.indexOf(String(name))]?.properties.Metrics);
    for (const metric of ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'])
      expect(metrics).toContain(metric);
    expect(metrics).toContain(`stateMachine:Apportion-${machine}`);
  }
});

test('36 hours without a delivery are an alarm, whether the metric says nothing or zero', () => {
  const alarm = alarms[names.indexOf('no-delivery-for-36-hours')];
  expect(alarm?.properties).toMatchObject({
    Namespace: METRICS.namespace,
    MetricName: METRICS.deliveriesRegistered,
    Dimensions: [{ Name: METRICS.dimension, Value: 'Apportion' }],
    Period: 3600,
    EvaluationPeriods: 36,
    DatapointsToAlarm: 36,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 1,
    TreatMissingData: 'breaching',
  });
});

test('alarms stay within CloudWatch: ten metrics in an expression, seven days of hours', () => {
  for (const { properties } of alarms) {
    const metrics = Array.isArray(properties.Metrics)
      ? properties.Metrics.filter((metric) => 'MetricStat' in Object(metric))
      : [];
    expect(metrics.length).toBeLessThanOrEqual(10);
    expect(Number(properties.EvaluationPeriods) * Number(properties.Period ?? 300)).toBeLessThanOrEqual(604_800);
  }
});

test('alarms tell the partner’s topic where there is one', () => {
  for (const [, { Properties }] of ofType('AWS::CloudWatch::Alarm'))
    expect(Properties.AlarmActions).toEqual({
      'Fn::If': ['AlarmTopicNamed', [{ Ref: 'AlarmTopicArn' }], { Ref: 'AWS::NoValue' }],
    });
});
