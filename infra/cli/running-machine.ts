import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openTokenMaker } from '../local/issuer/issuer.ts';
import type { TokenMaker } from '../local/issuer/tokens.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import { CommandError, EXIT } from './exit-with.ts';
import { LOCAL } from './local-names.ts';

/** What a running `npm start` leaves for other commands. */
const RunningMachine = z.object({ apiUrl: z.url() });

/** The API of a running `npm start` as the partner calls it, and who makes tokens for it. */
export async function runningMachine(): Promise<{ readonly api: ApiClient; readonly tokens: TokenMaker }> {
  const folder = join(process.cwd(), LOCAL.folder);
  const tokens = await openTokenMaker(join(folder, 'issuer')).catch(() => undefined);
  const running = await readFile(join(folder, LOCAL.runningFile), 'utf8').catch(() => undefined);
  if (!tokens || running === undefined)
    throw new CommandError(EXIT.badInput, 'Nothing runs here. Start it with `npm start` and leave it running.');
  const { apiUrl } = RunningMachine.parse(JSON.parse(running));
  return {
    api: apiClient({ baseUrl: apiUrl, token: () => tokens.accessToken({ sub: LOCAL.partnerSubject }) }),
    tokens,
  };
}
