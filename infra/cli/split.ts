import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { type ApiClient, ApiProblem } from './api-client.ts';
import { applyConfig, connectIntegration } from './apply-config.ts';
import { billFiles } from './bill-files.ts';
import type { ApportionConfig } from './config/apportion-config.ts';
import { readConfig } from './config/read-config.ts';
import { customersByName } from './customers-by-name.ts';
import { customersOfSubAccounts } from './customers-of-sub-accounts.ts';
import { deliver } from './deliver.ts';
import { CommandError, EXIT, exitWith } from './exit-with.ts';
import { collectSummary } from './figures/collect-summary.ts';
import { foldersById } from './figures/folder-names.ts';
import { summaryTable } from './figures/summary-table.ts';
import { followDelivery, followRuns } from './follow-bill.ts';
import { lakeOf } from './lake-of.ts';
import { LOCAL } from './local-names.ts';
import { openMachine } from './open-machine.ts';
import { sayProgress } from './say.ts';
import { requireEmpty, writeOutput } from './write-output.ts';

/** `npm run split`: one bill in, customers' tables out, through the deployed pipeline (`docs/split.md`). */
interface SplitOptions {
  readonly bill: string;
  readonly config?: string;
  readonly out: string;
  readonly json?: true;
  readonly quiet?: true;
}

async function split({ bill, config: configFile, out, json, quiet }: SplitOptions): Promise<number> {
  const say = sayProgress(quiet === true);
  requireEmpty(out);
  const given = configFile === undefined ? undefined : await readConfig(configFile);
  const { delivery, announcedBy, files } = billFiles(bill);
  const folder = await mkdtemp(join(tmpdir(), 'apportion-split-'));
  const { machine, api } = await openMachine({ folder, progress: say });
  try {
    await connectIntegration(api, { id: LOCAL.billIntegration, name: 'Bill', delivery });
    if (given) await applyGiven(api, given);
    say(`delivering ${files.length} ${files.length === 1 ? 'file' : 'files'}`);
    const since = await deliver(machine, files);
    for (const key of announcedBy) await followDelivery(api, LOCAL.billIntegration, { key, since }, say);
    const config = given ?? (await customersOfSubAccounts(api));
    if (!given) await applyConfig(api, config);
    await followRuns(api, say);
    const order = { customers: config.customers.map(({ name }) => name), rules: config.rules.map(({ name }) => name) };
    const summary = await collectSummary(api, order);
    const folders = foldersById(order.customers, await customersByName(api));
    await writeOutput({ out, lake: lakeOf(machine) }, summary, folders);
    process.stdout.write(
      json ? `${JSON.stringify(summary, null, 2)}\n` : `${summaryTable(summary)}\n\nWritten to ${out}\n`,
    );
    return summary.reconciled ? EXIT.reconciled : EXIT.quarantined;
  } finally {
    await machine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the API refuses of a configuration is the configuration's mistake. */
async function applyGiven(api: ApiClient, config: ApportionConfig): Promise<void> {
  try {
    await applyConfig(api, config);
  } catch (error) {
    if (error instanceof ApiProblem && error.status < 500) throw new CommandError(EXIT.badInput, error.message);
    throw error;
  }
}

const command = new Command('split')
  .description('Splits one bill per customer, prices it by the rules of the configuration, and reconciles it.')
  .requiredOption('--bill <file or folder>', 'the bill: FOCUS 1.0, 1.2 or 1.3 as .csv, .csv.gz or .parquet')
  .option('--config <file>', 'customers, sub accounts and rules (YAML or JSON); without: a customer per sub account')
  .requiredOption('--out <folder>', 'where to write; must be empty or absent')
  .addOption(new Option('--format <format>', 'the bill’s format, where it should not be recognised').choices(['focus']))
  .option('--json', 'print summary.json instead of the table')
  .option('--quiet', 'no progress')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.badInput));

await exitWith(() => split(command.parse().opts<SplitOptions>()));
