import { once } from 'node:events';
import { createServer } from 'node:http';
import { installTrino } from './install-trino.ts';
import { patientTrino } from './patient-trino.ts';
import { type RunningTrino, startTrino } from './start-trino.ts';
import { type Trino, trinoClient } from './trino-client.ts';

/** A Trino that is installed and started by the first statement: none is where every answer is remembered. */
export interface TrinoOnDemand {
  readonly query: Trino;
  /** Where another process may ask for it (`trinoBehind`). */
  readonly door: string;
  close(): Promise<void>;
}

/** Opens the door only. */
export async function trinoOnDemand(): Promise<TrinoOnDemand> {
  let started: Promise<RunningTrino> | undefined;
  const running = async () => {
    started ??= installTrino().then(startTrino);
    return await started;
  };
  const server = createServer((_, response) => {
    running().then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server listens on a port');
  return {
    query: patientTrino(async (sql, session) => (await running()).query(sql, session)),
    door: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      // One that did not start has said so to whoever asked.
      await (await started?.catch(() => undefined))?.close();
    },
  };
}

/** The same Trino, asked from another process. */
export function trinoBehind(door: string): Trino {
  let opened: Promise<Trino> | undefined;
  const open = async () => {
    const response = await fetch(door, { signal: AbortSignal.timeout(START_MILLISECONDS_MAX) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return patientTrino(trinoClient(text));
  };
  return async (sql, session) => {
    opened ??= open();
    return (await opened)(sql, session);
  };
}

/** An installation first, where there is none. */
const START_MILLISECONDS_MAX = 900_000;
