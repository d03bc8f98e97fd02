import { type MetricName, metricKey, type Statistic } from './metric.ts';

const MINUTE_MILLISECONDS = 60_000;

/** What was put within one minute. */
interface Minute {
  readonly sum: number;
  readonly maximum: number;
  readonly minimum: number;
  readonly count: number;
}

/** A span of time of whole minutes: the first, and the first after it, as minutes since 1970. */
export interface Span {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The minute since 1970 that a time in milliseconds falls into. */
export function minuteOf(milliseconds: number): number {
  return Math.floor(milliseconds / MINUTE_MILLISECONDS);
}

/** Metrics by the minute, as a standard-resolution metric keeps them; all end with the process. */
export class MetricStore {
  readonly #metrics = new Map<string, Map<number, Minute>>();

  /** Adds one value at a time (milliseconds since 1970). */
  put(metric: MetricName, value: number, at: number): void {
    const key = metricKey(metric);
    const minutes = this.#metrics.get(key) ?? new Map<number, Minute>();
    this.#metrics.set(key, minutes);
    const known = minutes.get(minuteOf(at));
    minutes.set(minuteOf(at), {
      sum: (known?.sum ?? 0) + value,
      maximum: Math.max(known?.maximum ?? value, value),
      minimum: Math.min(known?.minimum ?? value, value),
      count: (known?.count ?? 0) + 1,
    });
  }

  /** The statistic over a span; undefined where nothing was put: a missing data point. */
  read(metric: MetricName, statistic: Statistic, { fromMinute, toMinute }: Span): number | undefined {
    const found = [...(this.#metrics.get(metricKey(metric)) ?? [])]
      .filter(([minute]) => minute >= fromMinute && minute < toMinute)
      .map(([, values]) => values);
    return found.length === 0 ? undefined : STATISTIC[statistic](found);
  }
}

const sumOf = (minutes: readonly Minute[]) => minutes.reduce((sum, minute) => sum + minute.sum, 0);
const countOf = (minutes: readonly Minute[]) => minutes.reduce((sum, minute) => sum + minute.count, 0);

const STATISTIC: Readonly<Record<Statistic, (minutes: readonly Minute[]) => number>> = {
  Sum: sumOf,
  SampleCount: countOf,
  Average: (minutes) => sumOf(minutes) / countOf(minutes),
  Maximum: (minutes) => Math.max(...minutes.map(({ maximum }) => maximum)),
  Minimum: (minutes) => Math.min(...minutes.map(({ minimum }) => minimum)),
};
