import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { StandIn } from '../stand-in.ts';

const Ports = z.record(z.string(), z.number());

/**
 * The ports that a machine's stand-ins had the last time it ran in a folder. Executions that are taken up again still
 * hold the queue URLs they began with, so each stand-in comes back where it was, unless somebody else is there now.
 */
export class KeptPorts {
  readonly #path: string;
  readonly #before: Readonly<Record<string, number>>;
  readonly #now: Record<string, number> = {};

  private constructor(path: string, before: Readonly<Record<string, number>>) {
    this.#path = path;
    this.#before = before;
  }

  static async open(folder: string): Promise<KeptPorts> {
    const path = join(folder, 'ports.json');
    const text = await readFile(path, 'utf8').catch(() => '{}');
    return new KeptPorts(path, Ports.catch({}).parse(JSON.parse(text)));
  }

  /** Starts a stand-in on the port it had. */
  async start<Started extends StandIn>(name: string, begin: (port: number) => Promise<Started>): Promise<Started> {
    const port = this.#before[name] ?? 0;
    const started = await begin(port).catch((error: unknown) => {
      if (port === 0 || !(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      return begin(0);
    });
    this.#now[name] = Number(new URL(started.endpoint).port);
    return started;
  }

  async save(): Promise<void> {
    await mkdir(join(this.#path, '..'), { recursive: true });
    await writeFile(this.#path, JSON.stringify(this.#now));
  }
}
