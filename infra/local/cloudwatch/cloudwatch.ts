import { readRequest } from '../read-request.ts';
import { type StandIn, serve } from '../stand-in.ts';
import type { AlarmDefinition, AlarmQuery } from './alarm-definition.ts';
import { type AlarmState, EXTRA_PERIODS, evaluateAlarm } from './evaluate-alarm.ts';
import type { MetricName } from './metric.ts';
import { evaluateExpression, type Series } from './metric-math.ts';
import { MetricStore, minuteOf } from './metric-store.ts';

/** An alarm with its state, and since when it has it. */
export interface Alarm {
  readonly name: string;
  readonly description: string;
  readonly state: AlarmState;
  readonly stateSince: Date;
}

/** CloudWatch: metrics that the other stand-ins put, and the template's alarms over them. */
export interface CloudWatchStandIn extends StandIn {
  put(metric: MetricName, value: number): void;
  /** Takes what has to be asked for (depths of queues); once a minute by itself. */
  sample(): Promise<void>;
  /** Looks at every alarm as of now; once a minute by itself. */
  evaluate(): void;
  alarms(): readonly Alarm[];
}

/** What it watches. */
export interface CloudWatchOptions {
  readonly alarms: readonly AlarmDefinition[];
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Puts the gauges of services that tell no events of their own. */
  readonly onSample?: (put: CloudWatchStandIn['put']) => Promise<void>;
  readonly onStateChange?: (alarm: Alarm, before: AlarmState) => void;
  readonly port?: number;
}

const MINUTE_MILLISECONDS = 60_000;

/**
 * Starts CloudWatch. Alarms are evaluated every minute over windows that end with it ("Alarm evaluation"), and answered
 * by DescribeAlarms in the JSON protocol.
 */
export async function startCloudWatch(options: CloudWatchOptions): Promise<CloudWatchStandIn> {
  const { now = Date.now } = options;
  const store = new MetricStore();
  const put: CloudWatchStandIn['put'] = (metric, value) => store.put(metric, value, now());
  const states = new Map<string, Alarm>(
    options.alarms.map(({ name, description }) => [
      name,
      { name, description, state: 'INSUFFICIENT_DATA', stateSince: new Date(now()) },
    ]),
  );
  const evaluate = () => {
    for (const definition of options.alarms) {
      const before = states.get(definition.name);
      const state = evaluateAlarm(definition, pointsOf(definition, store, now()));
      if (before === undefined || before.state === state) continue;
      const alarm = { ...before, state, stateSince: new Date(now()) };
      states.set(alarm.name, alarm);
      options.onStateChange?.(alarm, before.state);
    }
  };
  const sample = async () => {
    await options.onSample?.(put);
  };
  const timer = setInterval(() => {
    // What cannot be sampled while the machine closes is of no interest.
    void sample().then(evaluate, () => undefined);
  }, MINUTE_MILLISECONDS).unref();
  const alarms = () => [...states.values()];
  const server = await serve(async (request, response) => {
    const operation = String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1);
    await readRequest(request);
    const known = operation === 'DescribeAlarms';
    response.writeHead(known ? 200 : 400, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(
      JSON.stringify(
        known
          ? { MetricAlarms: alarms().map(described) }
          : { __type: 'InvalidAction', message: 'Only DescribeAlarms runs on this machine' },
      ),
    );
  }, options.port);
  return {
    endpoint: server.endpoint,
    put,
    sample,
    evaluate,
    alarms,
    close: async () => {
      clearInterval(timer);
      await server.close();
    },
  };
}

function described({ name, description, state, stateSince }: Alarm) {
  return {
    AlarmName: name,
    AlarmDescription: description,
    StateValue: state,
    StateUpdatedTimestamp: stateSince.getTime() / 1000,
  };
}

/** The data points that an alarm looks at now, oldest first. */
function pointsOf({ queries, evaluationPeriods }: AlarmDefinition, store: MetricStore, now: number): Series {
  const count = evaluationPeriods + EXTRA_PERIODS;
  const metrics = new Map(
    queries.flatMap((query) => (query.MetricStat ? [[query.Id, seriesOf(query.MetricStat, store, now, count)]] : [])),
  );
  const returned = queries.find(({ ReturnData }) => ReturnData);
  if (returned?.Expression !== undefined) return evaluateExpression(returned.Expression, metrics);
  return metrics.get(returned?.Id ?? '') ?? [];
}

function seriesOf(
  { Metric, Period, Stat }: NonNullable<AlarmQuery['MetricStat']>,
  store: MetricStore,
  now: number,
  count: number,
): Series {
  const metric = { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: Metric.Dimensions };
  const minutes = Period / 60;
  const end = minuteOf(now);
  return Array.from({ length: count }, (_, index) => {
    const toMinute = end - (count - 1 - index) * minutes;
    return store.read(metric, Stat, { fromMinute: toMinute - minutes, toMinute });
  });
}
