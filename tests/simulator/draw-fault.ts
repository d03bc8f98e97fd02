import type { Fault, QueueLabel, Service } from './faults.ts';
import type { Draws } from './random.ts';
import type { PlayedFunction } from './steps.ts';

/** How much a function does in one invocation (the most of nine in ten), and its share of faults. */
interface Reach {
  readonly share: number;
  /** Its writes, for crashes. */
  readonly writes: number;
  /** Its calls by service, for what goes wrong with one. */
  readonly calls: Readonly<Partial<Record<Service, number>>>;
}

/** Measured over sixty sequences. Those that publish and price are struck more often. */
const REACHES: Readonly<Record<PlayedFunction, Reach>> = {
  'start-run': { share: 1, writes: 3, calls: { dynamodb: 6, 'step functions': 1 } },
  'read-manifest': { share: 1, writes: 5, calls: { dynamodb: 5, s3: 6 } },
  'convert-files': { share: 1, writes: 3, calls: { s3: 5, 'step functions': 2 } },
  'register-delivery': { share: 1, writes: 10, calls: { dynamodb: 11, s3: 4, sqs: 2 } },
  'acquire-lease': { share: 1, writes: 5, calls: { dynamodb: 7, s3: 2 } },
  'plan-shards': { share: 1, writes: 8, calls: { dynamodb: 16, s3: 8, athena: 1 } },
  'price-shard': { share: 2, writes: 8, calls: { dynamodb: 8, s3: 7, 'step functions': 2 } },
  reconcile: { share: 1, writes: 6, calls: { dynamodb: 5, s3: 15 } },
  publish: { share: 3, writes: 12, calls: { dynamodb: 14, s3: 16, sqs: 1 } },
  'write-lists': { share: 1, writes: 10, calls: { dynamodb: 14, s3: 16, sqs: 1 } },
  'release-lease': { share: 1, writes: 2, calls: { dynamodb: 2, sqs: 1 } },
  'close-run': { share: 1, writes: 2, calls: { dynamodb: 18, athena: 1, sqs: 1 } },
  'fail-dead-task': { share: 1, writes: 1, calls: { 'step functions': 1 } },
  'price-additions': { share: 1, writes: 10, calls: { dynamodb: 16, s3: 14 } },
  'sweep-lake': { share: 1, writes: 4, calls: { dynamodb: 6, s3: 20 } },
  api: { share: 2, writes: 5, calls: { dynamodb: 7, sqs: 3 } },
};

type Functions = readonly [PlayedFunction, ...PlayedFunction[]];

function inShares(fits: (reach: Reach) => boolean): Functions {
  const names = Object.keys(REACHES) as PlayedFunction[];
  const fitting = names.filter((name) => fits(REACHES[name]));
  return fitting.flatMap((name) => Array.from({ length: REACHES[name].share }, () => name)) as unknown as Functions;
}

const ALL = inShares(() => true);
const SERVICES: readonly [Service, ...Service[]] = ['dynamodb', 's3', 'athena', 'sqs', 'step functions'];
const CALLERS = Object.fromEntries(
  SERVICES.map((service) => [service, inShares(({ calls }) => service in calls)]),
) as Readonly<Record<Service, Functions>>;
const QUEUES: readonly [QueueLabel, ...QueueLabel[]] = ['intake', 'convert', 'price', 'price', 'additions', 'lists'];

/** Which invocation of a function: mostly its first, which is the one that most sequences have. */
const invocation = (draws: Draws) => (draws.happens(0.6) ? 0 : draws.whole(1, 4));

/** Draws one fault, or two that belong together. */
export function drawFault(draws: Draws, deliveries: number): readonly Fault[] {
  const seconds = draws.one([2, 20, 90, 280, 600]);
  switch (draws.whole(0, 14)) {
    case 0:
    case 1:
      return [drawCrash(draws, seconds)];
    case 2:
    case 3:
    case 4:
      return [drawCall(draws)];
    case 5: {
      const place = { in: draws.one(ALL), invocation: invocation(draws), call: draws.whole(0, 14) };
      return [{ kind: 'pause', seconds, ...place }];
    }
    case 6:
      return [
        {
          kind: 'worker',
          how: draws.one(['throws', 'hangs', 'answers_late', 'answers_twice']),
          in: draws.one(['convert-files', 'price-shard']),
          invocation: draws.whole(0, 2),
        },
      ];
    case 7: {
      const queue = draws.one(QUEUES);
      const message = draws.whole(0, queue === 'lists' ? 1 : 5);
      return [{ kind: 'message', queue, message, seconds, how: draws.one(['lost', 'duplicated', 'delayed']) }];
    }
    case 8:
      return [
        { kind: 'object_event', how: draws.one(['lost', 'duplicated', 'delayed']), event: draws.whole(0, 3), seconds },
      ];
    case 9:
      return [{ kind: 'end_event', how: draws.one(['lost', 'delayed']), event: draws.whole(0, 5), seconds }];
    case 10:
      return [
        {
          kind: 'query',
          how: draws.one(['throttled', 'failed', 'failed_after_writing', 'slow']),
          query: draws.whole(0, 8),
          seconds: draws.whole(950, 2500),
        },
      ];
    case 11:
      return [{ kind: 'task', of: draws.one(['lambda', 'sqs']), task: draws.whole(0, 8) }];
    case 12:
      return drawAbort(draws);
    case 13:
      return [
        {
          kind: 'landing',
          how: draws.one(['changed', 'removed']),
          delivery: draws.whole(0, deliveries - 1),
          seconds: draws.whole(1, 30),
        },
      ];
    default:
      return [{ kind: 'result_altered', upload: draws.whole(0, 12) }];
  }
}

/** At any of a function's writes, as often at one as at another. */
function drawCrash(draws: Draws, seconds: number): Fault {
  const name = draws.one(ALL);
  return {
    kind: 'crash',
    when: draws.one(['before', 'after', 'later']),
    seconds,
    in: name,
    invocation: invocation(draws),
    call: draws.whole(0, REACHES[name].writes - 1),
  };
}

/** As often of one service as of another, however often each is called. */
function drawCall(draws: Draws): Fault {
  const service = draws.one(SERVICES);
  const name = draws.one(CALLERS[service]);
  return {
    kind: 'call',
    service,
    how: draws.one(['throttled', 'failed', 'answer_lost']),
    in: name,
    invocation: invocation(draws),
    call: draws.whole(0, (REACHES[name].calls[service] ?? 1) - 1),
  };
}

/** What a stopped execution's functions still do is seen only where they take their time over it. */
function drawAbort(draws: Draws): readonly Fault[] {
  const stopped = { kind: 'abort', execution: draws.whole(0, 2), seconds: draws.whole(1, 40) } as const;
  const late = {
    kind: 'pause',
    seconds: draws.whole(30, 280),
    in: 'publish',
    invocation: stopped.execution,
  } as const;
  return draws.happens(0.7) ? [stopped, { ...late, call: draws.whole(0, 20) }] : [stopped];
}
