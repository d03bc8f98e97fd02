import { z } from 'zod';
import type { MetricName } from './metric.ts';

const Directive = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(z.object({ Name: z.string() })),
});
const Line = z.looseObject({ _aws: z.object({ CloudWatchMetrics: z.array(Directive) }) });

/** One value that a log line carries. */
export interface EmbeddedMetric {
  readonly metric: MetricName;
  readonly value: number;
}

/**
 * The metrics of a function's log line in CloudWatch's embedded metric format; none where the line is not in it. Each set
 * of dimensions is a metric of its own ("Specification: Embedded metric format").
 */
export function embeddedMetrics(line: string): readonly EmbeddedMetric[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const parsed = Line.safeParse(parseJson(line));
  if (!parsed.success) return [];
  const fields: Readonly<Record<string, unknown>> = parsed.data;
  return parsed.data._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]));
      return Metrics.flatMap(({ Name }) =>
        valuesOf(fields[Name]).map((value) => ({ metric: { namespace: Namespace, name: Name, dimensions }, value })),
      );
    }),
  );
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A value of the format is a number or a list of them. */
function valuesOf(value: unknown): number[] {
  return [value].flat().filter((one): one is number => typeof one === 'number');
}
