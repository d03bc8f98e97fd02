import { Command } from 'commander';
import { putUser } from '../../lib/contracts/users/put-user.ts';
import { CommandError, EXIT, exitWith } from './exit-with.ts';
import { folderNames } from './figures/folder-names.ts';
import { LOCAL } from './local-names.ts';
import { requireCustomerNamed } from './require-customer-named.ts';
import { runningMachine } from './running-machine.ts';

/** `npm run token`: prints an access token of the local issuer, in the shape of Cognito's. */
async function token({ as }: { as: string }): Promise<number> {
  const { api, tokens } = await runningMachine();
  const [, customerName] = /^customer:(.+)$/.exec(as) ?? [];
  if (as === 'partner') {
    process.stdout.write(`${await tokens.accessToken({ sub: LOCAL.partnerSubject })}\n`);
    return EXIT.reconciled;
  }
  if (customerName === undefined)
    throw new CommandError(EXIT.badInput, `--as ${as}: give "partner" or "customer:<name>".`);
  const customerId = await requireCustomerNamed(api, customerName);
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
