/** A metric of CloudWatch: its namespace, name and exact set of dimensions. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The statistics that the alarms of a template ask for. */
export const STATISTICS = ['Sum', 'Maximum', 'Minimum', 'Average', 'SampleCount'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** One key for one metric: another dimension, or one less, is another metric (CloudWatch guide, "Dimensions"). */
export function metricKey({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
