import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** One line of what goes on: a function's output, or something that a stand-in could not do. */
export interface MachineLog {
  /** The function's name, or the stand-in's. */
  readonly source: string;
  /** `runtime` are Lambda's own reports of an invocation, `machine` are problems of a stand-in. */
  readonly stream: 'stdout' | 'stderr' | 'runtime' | 'machine';
  readonly line: string;
}

/** Tells a listener of every line, and keeps problems in `machine.log`; functions have files of their own. */
export function openMachineLog(folder: string, listener: (entry: MachineLog) => void = () => undefined) {
  mkdirSync(folder, { recursive: true });
  let isOpen = true;
  return {
    write: (entry: MachineLog): void => {
      if (!isOpen) return;
      if (entry.stream === 'machine')
        appendFileSync(join(folder, 'machine.log'), `${new Date().toISOString()} ${entry.source}: ${entry.line}\n`);
      listener(entry);
    },
    close: (): void => {
      isOpen = false;
    },
  };
}
