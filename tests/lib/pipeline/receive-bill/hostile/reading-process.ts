import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { LandedObject } from '../../../../../lib/domain/landed-object.ts';
import { Problem, type StoredProblem } from '../../../../../lib/domain/problem.ts';
import { databaseMegabytes } from '../../../../../lib/pipeline/worker-memory.ts';
import type { DeliveredBill } from '../../../../../lib/sources/delivered-bill.ts';
import { Receiving, Refused } from '../receiving.ts';
import { WORKER_MEGABYTES } from './worker-megabytes.ts';

/** What the process is asked to read; `delivery` is how the integration is delivered. */
export interface ReadOrder {
  readonly object: LandedObject;
  readonly delivery: 'files' | 'data_exports';
}

/** What came of it, and what it cost this process. */
export interface ReadReport {
  readonly end:
    | { readonly problem: StoredProblem }
    | { readonly bill: DeliveredBill }
    | { readonly outcome: string }
    | { readonly bug: string };
  /** The most memory that was resident at one time, with Node itself. */
  readonly peakMegabytes: number;
  readonly cpuSeconds: number;
  /** Periods that a run was asked for. */
  readonly asked: number;
  /** What is left in the folder for temporary files. */
  readonly left: readonly string[];
}

const endpoint = process.argv[2] ?? '';

process.on('message', async ({ object, delivery }: ReadOrder) => {
  const receiving = new Receiving({ endpoint }, []);
  receiving.databaseMegabytes = databaseMegabytes(WORKER_MEGABYTES);
  receiving.delivery = delivery;
  receiving.now = new Date(Date.parse(object.eventTime) + 6000);
  forgetPeak();
  const before = process.cpuUsage();
  const end = await read(receiving, object);
  const { user, system } = process.cpuUsage(before);
  const report: ReadReport = {
    end,
    peakMegabytes: peakMegabytes(),
    cpuSeconds: (user + system) / 1e6,
    asked: receiving.asked.length,
    left: readdirSync(tmpdir()),
  };
  receiving.client.destroy();
  process.send?.(report);
});

async function read(receiving: Receiving<{ endpoint: string }>, object: LandedObject): Promise<ReadReport['end']> {
  try {
    const answer = await receiving.receive(object);
    return answer.outcome === 'registered' ? { bill: await receiving.bill(object) } : { outcome: answer.reason };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.problem as StoredProblem };
    if (error instanceof Problem) return { problem: error.stored() };
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Linux: 5 sets the process's greatest resident size to its present one (proc(5), clear_refs). */
function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

function peakMegabytes(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
}
