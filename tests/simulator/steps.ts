import type { FunctionName } from '../../lib/names/functions.ts';
import { failDeadTask } from '../../lib/pipeline/fail-dead-task.ts';
import { priceAdditions } from '../../lib/pipeline/price-additions/price-additions.ts';
import { convertFiles } from '../../lib/pipeline/receive-bill/convert-files.ts';
import { readManifest } from '../../lib/pipeline/receive-bill/read-manifest.ts';
import { registerDelivery } from '../../lib/pipeline/receive-bill/register-delivery.ts';
import { startRun } from '../../lib/pipeline/receive-bill/start-run.ts';
import { acquireLease } from '../../lib/pipeline/split-bill/acquire-lease.ts';
import { closeRun } from '../../lib/pipeline/split-bill/close-run.ts';
import { planShards } from '../../lib/pipeline/split-bill/plan-shards.ts';
import { priceShard } from '../../lib/pipeline/split-bill/price-shard.ts';
import { publish } from '../../lib/pipeline/split-bill/publish.ts';
import { publishAgain } from '../../lib/pipeline/split-bill/publish-again.ts';
import { reconcile } from '../../lib/pipeline/split-bill/reconcile.ts';
import { releaseLease } from '../../lib/pipeline/split-bill/release-lease.ts';
import { sweepLake } from '../../lib/pipeline/sweep-lake/sweep-lake.ts';
import type { Ports } from './ports.ts';

/** Functions that take part. Previews change nothing. */
export type PlayedFunction = Exclude<FunctionName, 'preview-rules' | 'preview-job'>;

/** What the template's variables say, beside ports. */
export interface Settings {
  readonly leaseSeconds: number;
  readonly manifestGraceSeconds: number;
  readonly memoryMegabytes: number;
}

/** A function's use case over ports, as `functions/bill-pipeline` binds it. */
export type Step = (ports: Ports, settings: Settings) => (event: unknown) => Promise<unknown>;

/** A bill of a few rows still makes several shards. */
const ROWS_PER_SHARD = 4;
/** The sweeper's day: longer than a function lives, and short enough that a sequence sees files go. */
const READERS_SECONDS = 1800;

/** The functions of the pipeline. The api's own answers requests (`api.ts`). */
export const STEPS: Readonly<Record<Exclude<PlayedFunction, 'api'>, Step>> = {
  'start-run': (ports) => startRun(ports),
  'read-manifest': (ports, { manifestGraceSeconds }) => readManifest({ ...ports, manifestGraceSeconds }),
  'convert-files': (ports, { memoryMegabytes }) => convertFiles({ ...ports, memoryMegabytes }),
  'register-delivery': (ports) => registerDelivery(ports),
  'acquire-lease': (ports, { leaseSeconds }) => acquireLease({ ...ports, leaseSeconds }),
  'plan-shards': (ports, { leaseSeconds, memoryMegabytes }) =>
    planShards({ ...ports, leaseSeconds, workerMemoryMegabytes: memoryMegabytes, rowsPerShard: ROWS_PER_SHARD }),
  'price-shard': (ports, { leaseSeconds, memoryMegabytes }) => priceShard({ ...ports, leaseSeconds, memoryMegabytes }),
  reconcile: (ports, { leaseSeconds, memoryMegabytes }) => reconcile({ ...ports, leaseSeconds, memoryMegabytes }),
  publish: (ports, { leaseSeconds }) => publish({ ...ports, leaseSeconds }),
  'write-lists': (ports) => publishAgain(ports),
  'release-lease': (ports) => releaseLease(ports),
  'close-run': (ports) => closeRun(ports),
  'fail-dead-task': (ports) => failDeadTask(ports),
  'sweep-lake': (ports) => sweepLake({ ...ports, keptSeconds: READERS_SECONDS }),
  'price-additions': (ports, { memoryMegabytes }) => priceAdditions({ ...ports, memoryMegabytes }),
};
