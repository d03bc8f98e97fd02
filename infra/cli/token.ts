import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { putUser } from '../../lib/contracts/users/put-user.ts';
import { openTokenMaker } from '../local/issuer/issuer.ts';
import { apiClient } from './api-client.ts';
import { customersByName } from './customers-by-name.ts';
import { CommandError, EXIT, exitWith } from './exit-with.ts';
import { folderNames } from './figures/folder-names.ts';
import { LOCAL } from './local-names.ts';

/** What a running `npm start` leaves for other commands. */
const RunningMachine = z.object({ apiUrl: z.url() });

/** `npm run token`: prints an access token of the local issuer, in the shape of Cognito's. */
async function token({ as }: { as: string }): Promise<number> {
  const folder = join(process.cwd(), LOCAL.folder);
  const tokens = await openTokenMaker(join(folder, 'issuer')).catch(() => undefined);
  const running = await readFile(join(folder, LOCAL.runningFile), 'utf8').catch(() => undefined);
  if (!tokens || running === undefined)
    throw new CommandError(EXIT.badInput, 'Nothing runs here. Start it with `npm start` and leave it running.');
  const partnerToken = () => tokens.accessToken({ sub: LOCAL.partnerSubject });
  const [, customerName] = /^customer:(.+)$/.exec(as) ?? [];
  if (as === 'partner') {
    process.stdout.write(`${await partnerToken()}\n`);
    return EXIT.reconciled;
  }
  if (customerName === undefined)
    throw new CommandError(EXIT.badInput, `--as ${as}: give "partner" or "customer:<name>".`);
  const api = apiClient({ baseUrl: RunningMachine.parse(JSON.parse(running)).apiUrl, token: partnerToken });
  const customers = await customersByName(api);
  const customerId = customers.get(customerName);
  if (customerId === undefined)
    throw new CommandError(
      EXIT.badInput,
      `There is no customer "${customerName}". Customers are: ${[...customers.keys()].join(', ') || 'none'}.`,
    );
  const sub = `local-customer-${folderNames([customerName]).get(customerName)}`;
  await api.call(putUser, { params: { sub }, body: { role: 'customer', customerId } });
  process.stdout.write(`${await tokens.accessToken({ sub })}\n`);
  return EXIT.reconciled;
}

const command = new Command('token')
  .description('Prints an access token for the API of a running `npm start`.')
  .requiredOption('--as <whom>', 'partner, or customer:<name>')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.badInput));

await exitWith(() => token(command.parse().opts<{ as: string }>()));
