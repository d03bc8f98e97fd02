import type { AlarmDefinition } from './alarm-definition.ts';
import type { Series } from './metric-math.ts';

/** The states of an alarm that are played: INSUFFICIENT_DATA is what an alarm is made in. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/**
 * An alarm looks at more data points than its evaluation periods, so that late ones count. How many more is not
 * documented; the guide's own tables have two more ("Configuring how CloudWatch alarms treat missing data").
 */
export const EXTRA_PERIODS = 2;

/**
 * The state that data points (oldest first, `evaluationPeriods + EXTRA_PERIODS` of them) put an alarm in: the most recent
 * ones that are there where there are enough of them, else those and as many missing ones as it takes, each treated as
 * the alarm says. As many as `datapointsToAlarm` over the threshold are an alarm.
 */
export function evaluateAlarm(alarm: AlarmDefinition, points: Series): Exclude<AlarmState, 'INSUFFICIENT_DATA'> {
  const there = points.filter((point): point is number => point !== undefined).slice(-alarm.evaluationPeriods);
  const missing = alarm.evaluationPeriods - there.length;
  const breaching =
    there.filter((point) => BREACHES[alarm.comparison](point, alarm.threshold)).length +
    (alarm.treatMissingData === 'breaching' ? missing : 0);
  return breaching >= alarm.datapointsToAlarm ? 'ALARM' : 'OK';
}

const BREACHES: Readonly<Record<AlarmDefinition['comparison'], (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};
