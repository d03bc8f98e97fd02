import { execFile } from 'node:child_process';
import { join } from 'node:path';

const PROJECT = join(import.meta.dirname, '../..');

/** How a command ended, with all that it said. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run split` as people type it, in a process of its own. */
export function runSplit(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const command = ['run', '--silent', 'split', '--', ...args];
    execFile('npm', command, { cwd: PROJECT, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const exitCode = error?.code ?? 0;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(error);
    });
  });
}
