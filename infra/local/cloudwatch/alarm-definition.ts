import { z } from 'zod';
import { Numeric } from '../machine/read-properties.ts';
import { STATISTICS } from './metric.ts';

const Dimensions = z
  .array(z.object({ Name: z.string(), Value: z.string() }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ Name, Value }) => [Name, Value])));

const Metric = z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions });

const Query = z.object({
  Id: z.string(),
  ReturnData: z.boolean().default(true),
  Expression: z.string().optional(),
  MetricStat: z.object({ Metric, Period: Numeric, Stat: z.enum(STATISTICS) }).optional(),
});

/** Properties of AWS::CloudWatch::Alarm that this machine plays; a treatment of missing data that it does not is refused. */
export const AlarmProperties = z
  .object({
    AlarmName: z.string(),
    AlarmDescription: z.string().default(''),
    ComparisonOperator: z.enum([
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    Threshold: Numeric,
    EvaluationPeriods: Numeric,
    DatapointsToAlarm: Numeric.optional(),
    TreatMissingData: z.enum(['breaching', 'notBreaching']),
    Namespace: z.string().optional(),
    MetricName: z.string().optional(),
    Dimensions,
    Period: Numeric.optional(),
    Statistic: z.enum(STATISTICS).optional(),
    Metrics: z.array(Query).optional(),
  })
  .transform((alarm) => ({
    name: alarm.AlarmName,
    description: alarm.AlarmDescription,
    comparison: alarm.ComparisonOperator,
    threshold: alarm.Threshold,
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods,
    treatMissingData: alarm.TreatMissingData,
    queries: alarm.Metrics ?? [queryOf(alarm)],
  }));

/** An alarm as it is evaluated: one query that returns data, over metrics and at most one expression. */
export type AlarmDefinition = z.output<typeof AlarmProperties>;
export type AlarmQuery = z.output<typeof Query>;

function queryOf(alarm: {
  Namespace?: string | undefined;
  MetricName?: string | undefined;
  Dimensions: Record<string, string>;
  Period?: number | undefined;
  Statistic?: (typeof STATISTICS)[number] | undefined;
}): AlarmQuery {
  const { Namespace = '', MetricName = '', Dimensions: dimensions, Period = 60, Statistic = 'Average' } = alarm;
  const metric = { Namespace, MetricName, Dimensions: dimensions };
  return { Id: 'metric', ReturnData: true, MetricStat: { Metric: metric, Period, Stat: Statistic } };
}
