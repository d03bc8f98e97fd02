import { describe, expect, test } from 'vitest';
import { parseSchedule } from '../../../../infra/local/event-bridge/schedule.ts';

const next = (expression: string, after: string) =>
  new Date(parseSchedule(expression)(Date.parse(after))).toISOString();

describe('schedules', () => {
  test.each([
    ['rate(15 minutes)', '2026-01-31T23:50:00Z', '2026-02-01T00:05:00.000Z'],
    ['rate(1 hour)', '2026-01-31T23:50:00Z', '2026-02-01T00:50:00.000Z'],
    ['rate(1 day)', '2026-01-31T00:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['cron(0/15 * * * ? *)', '2026-01-31T23:50:00Z', '2026-02-01T00:00:00.000Z'],
    ['cron(0 3 * * ? *)', '2026-01-31T03:00:00Z', '2026-02-01T03:00:00.000Z'],
    ['cron(30 9 ? * MON-FRI *)', '2026-01-30T09:30:00Z', '2026-02-02T09:30:00.000Z'],
    ['cron(0 0 1 JAN,JUL ? *)', '2026-01-01T00:00:30Z', '2026-07-01T00:00:00.000Z'],
    ['cron(0 12 29 2 ? *)', '2026-03-01T00:00:00Z', '2028-02-29T12:00:00.000Z'],
  ])('%s after %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  test('a day that never comes is never waited for', () => {
    expect(parseSchedule('cron(0 0 30 2 ? *)')(0)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each([
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'cron(0 3 * * ?)',
    'cron(0 3 L * ? *)',
    'cron(61 * * * ? *)',
    'every hour',
  ])('%s is refused', (expression) => {
    expect(() => parseSchedule(expression)).toThrow();
  });
});
