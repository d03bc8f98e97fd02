import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { LogLine } from './lambda-function.ts';

/** The functions' log groups as files: `<folder>/<function>.log`, appended to from one start to the next. */
export interface FunctionLog {
  write(line: LogLine): void;
  close(): Promise<void>;
}

/** Opens a file at the first line of each function. */
export function openFunctionLog(folder: string): FunctionLog {
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, WriteStream>();
  return {
    write: ({ functionName, line }) => {
      let file = files.get(functionName);
      if (file === undefined) {
        file = createWriteStream(join(folder, `${functionName}.log`), { flags: 'a' });
        // A log that cannot be written must not end the machine.
        file.on('error', () => undefined);
        files.set(functionName, file);
      }
      file.write(`${new Date().toISOString()} ${line}\n`);
    },
    close: async () => {
      const open = [...files.values()];
      files.clear();
      await Promise.all(open.map((file) => new Promise<void>((resolve) => file.end(() => resolve()))));
    },
  };
}
