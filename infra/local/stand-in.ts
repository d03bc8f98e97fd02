import { createServer, type RequestListener, type Server } from 'node:http';

/** One AWS service played on this machine, reachable by the unmodified SDK through `AWS_ENDPOINT_URL_<SERVICE>`. */
export interface StandIn {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly endpoint: string;
  /** Stops listening, cuts open connections and lets go of files; resolves when all of it is done. */
  close(): Promise<void>;
}

/** Longer than any pause between two calls of one SDK client, so that no socket is closed under a request on its way. */
const KEEP_ALIVE_MILLISECONDS = 120_000;

/**
 * Lets a server listen, on 127.0.0.1 only, since a stand-in trusts whoever reaches it.
 *
 * @param port 0 takes any free port.
 * @throws the socket's own error, such as EADDRINUSE.
 */
export async function listen(server: Server, port = 0): Promise<StandIn> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A stand-in listens on a port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** A server of its own for `listener`; otherwise as `listen`. */
export const serve = (listener: RequestListener, port = 0): Promise<StandIn> =>
  listen(createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS }, listener), port);
