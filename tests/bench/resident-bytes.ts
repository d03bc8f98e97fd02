import { readFileSync } from 'node:fs';

/** Resident memory of this process and everything it started: each function's environment is a process of its own (Linux). */
export function residentBytes(pid: number = process.pid): number {
  const status = read(`/proc/${pid}/status`);
  if (status === undefined) return pid === process.pid ? process.memoryUsage().rss : 0;
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  const children = (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter((one) => /^\d+$/.test(one));
  return children.reduce((sum, child) => sum + residentBytes(Number(child)), own);
}

/** A process may end between being listed and being read. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
