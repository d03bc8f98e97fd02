import type { OpenEngine } from './athena/statement-engine.ts';
import type { AccessRecord } from './iam/gate.ts';
import type { MachineLog } from './machine/machine-log.ts';

/** What a machine is made of. */
export interface MachineOptions {
  /** The synthesized CloudFormation template (JSON). */
  readonly templateFile: string;
  /** Holds buckets, tables, executions, keys and logs from one start to the next; one machine at a time may use it. */
  readonly folder: string;
  /** The unpacked bundles, `<distFolder>/<function>/index.mjs`. */
  readonly distFolder: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly stackName?: string;
  readonly region?: string;
  /** Port of the HTTP API; the one it had before in this folder, else any free one, when left out. */
  readonly apiPort?: number;
  /** What runs Athena's statements; DuckDB when left out. */
  readonly athenaEngine?: OpenEngine;
  /** Told of each line that functions write and of what could not be delivered; also in `<folder>/logs/`. */
  readonly onLog?: (entry: MachineLog) => void;
  /** The time that metrics are put at and alarms are evaluated at (milliseconds since 1970); nothing else goes by it. */
  readonly metricsClock?: () => number;
  /** Pauses before an asynchronous invocation that failed is tried again; Lambda's own when left out. */
  readonly eventRetrySeconds?: readonly number[];
  /** Told of every question that was put to the template's policies, with the answer. */
  readonly onAccess?: (record: AccessRecord) => void;
}
