import { Command } from 'commander';
import { explainRow } from '../../lib/contracts/rows/explain-row.ts';
import { ApiProblem } from './api-client.ts';
import { CommandError, EXIT, exitWith } from './exit-with.ts';
import { requireCustomerNamed } from './require-customer-named.ts';
import { runningMachine } from './running-machine.ts';

interface Options {
  readonly period?: string;
  readonly customer?: string;
  readonly integration?: string;
  readonly json?: true;
}

/** `npm run explain`: why a row is charged what it is, line by line. A part of a split row is explained with its whole. */
async function explain(given: string, { period, customer, integration, json }: Options): Promise<number> {
  const { api } = await runningMachine();
  const customerId = customer === undefined ? undefined : await requireCustomerNamed(api, customer);
  const query = { period, customerId, integrationId: integration };
  const { body } = await api.call(explainRow, { params: { rowId: wholeOf(given) }, query }).catch((error: unknown) => {
    throw error instanceof ApiProblem ? new CommandError(EXIT.badInput, error.message) : error;
  });
  process.stdout.write(json ? `${JSON.stringify(body, null, 2)}\n` : `${body.words.join('\n')}\n`);
  return EXIT.reconciled;
}

function wholeOf(rowId: string): string {
  return rowId.replace(/\/\d+$/, '');
}

const command = new Command('explain')
  .description('Says why a row of a running `npm start` is charged what it is.')
  .argument('<rowId>', 'the row’s x_RowId, from any table')
  .option('--period <yyyy-mm>', 'the row’s billing period, to find it sooner')
  .option('--customer <name>', 'the customer whose row it is, to find it sooner')
  .option('--integration <id>', 'needed where two integrations deliver alike rows')
  .option('--json', 'everything, as the API answers it')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.badInput));

await exitWith(() => {
  const { args } = command.parse();
  return explain(args[0] ?? '', command.opts<Options>());
});
