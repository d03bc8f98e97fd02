import { z } from 'zod';

const dayInMilliseconds = 86_400_000;

/** A calendar day in UTC, `yyyy-mm-dd`, that exists. */
export const Day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as yyyy-mm-dd')
  .refine((text) => isDay(text), 'a day that exists')
  .meta({ format: 'date' })
  .brand('Day');
export type Day = z.infer<typeof Day>;

/** The day after, to turn an inclusive last day into an exclusive bound (`pricing.md` §4). */
export function dayAfter(day: Day): Day {
  return Day.parse(new Date(Date.parse(`${day}T00:00:00Z`) + dayInMilliseconds).toISOString().slice(0, 10));
}

/** The day before, to show an exclusive bound as the last day. */
export function dayBefore(day: Day): Day {
  return Day.parse(new Date(Date.parse(`${day}T00:00:00Z`) - dayInMilliseconds).toISOString().slice(0, 10));
}

/** The first day of an instant's month in UTC. */
export function firstDayOfMonth(instant: Date): Day {
  return Day.parse(`${instant.toISOString().slice(0, 7)}-01`);
}

function isDay(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
