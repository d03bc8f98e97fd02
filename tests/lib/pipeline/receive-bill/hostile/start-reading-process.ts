import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadOrder, ReadReport } from './reading-process.ts';

/** A process of its own that reads deliveries with the real steps, so that their memory can be measured. */
export interface ReadingProcess {
  /** Rejects where the process dies of it, or is not done in time and is killed; the next order starts another. */
  read(order: ReadOrder): Promise<ReadReport>;
  close(): Promise<void>;
}

/** An order that takes this long hangs: ten seconds of a processor may be a minute where others use it too. */
const PATIENCE_MILLISECONDS = 60_000;

/** Starts nothing before the first order. @param endpoint of the S3 stand-in */
export function readingProcess(endpoint: string): ReadingProcess {
  let child: ChildProcess | undefined;
  const folders: string[] = [];
  const start = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hostile-'));
    folders.push(folder);
    return fork(join(import.meta.dirname, 'reading-process.ts'), [endpoint], {
      execArgv: [],
      env: { ...process.env, TMPDIR: folder },
    });
  };
  const stop = () => {
    child?.kill('SIGKILL');
    child = undefined;
  };
  return {
    read: async (order) => {
      child ??= await start();
      const working = child;
      try {
        return await answerOf(working, order);
      } catch (error) {
        stop();
        throw error;
      } finally {
        working.removeAllListeners();
      }
    },
    close: async () => {
      stop();
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

function answerOf(child: ChildProcess, order: ReadOrder): Promise<ReadReport> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the process hangs')), PATIENCE_MILLISECONDS);
    const settle = (act: () => void) => {
      clearTimeout(timer);
      act();
    };
    child.once('message', (report: ReadReport) => settle(() => resolve(report)));
    child.once('exit', (code, signal) => settle(() => reject(new Error(`the process ended with ${code ?? signal}`))));
    child.send(order);
  });
}
