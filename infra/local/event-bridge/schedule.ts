import { parseCron } from './cron.ts';

/** The next instant at or after which a schedule fires, strictly after the one given (milliseconds since the epoch). */
export type Schedule = (after: number) => number;

const UNIT_MILLISECONDS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads `rate(15 minutes)` or `cron(0 3 * * ? *)`; cron runs in UTC.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws Error where EventBridge would refuse the expression (`rate(1 minutes)`, `rate(2 minute)`, an unknown field).
 */
export function parseSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  const unit = UNIT_MILLISECONDS[rate?.[2] ?? ''];
  if (rate !== null && unit !== undefined) {
    const count = Number(rate[1]);
    if (count < 1 || (count === 1) === (rate[3] === 's')) throw new Error(`not a schedule: ${expression}`);
    return (after) => after + count * unit;
  }
  const cron = /^cron\((.+)\)$/.exec(expression)?.[1];
  if (cron === undefined) throw new Error(`not a schedule: ${expression}`);
  return parseCron(cron);
}
