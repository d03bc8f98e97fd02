import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { sampleConfig } from '../../lib/sample-bill/sample-config.ts';
import { ApiProblem } from './api-client.ts';
import { applyConfig, connectIntegration } from './apply-config.ts';
import { ApportionConfig } from './config/apportion-config.ts';
import { deliver } from './deliver.ts';
import { EXIT, exitWith } from './exit-with.ts';
import { collectSummary } from './figures/collect-summary.ts';
import { summaryTable } from './figures/summary-table.ts';
import { followDelivery, followRuns } from './follow-bill.ts';
import { LOCAL } from './local-names.ts';
import { type OpenMachine, openMachine } from './open-machine.ts';
import { createSampleFile, SAMPLE } from './sample.ts';
import { type Say, sayProgress } from './say.ts';

/** `npm start`: the whole product on this machine, with a sample bill delivered to it. */
interface StartOptions {
  readonly once?: true;
  readonly fresh?: true;
  readonly port?: number;
  readonly quiet?: true;
  readonly json?: true;
}

async function start({ once, fresh, port, quiet, json }: StartOptions): Promise<number> {
  const say = sayProgress(quiet === true);
  const folder = join(process.cwd(), LOCAL.folder);
  if (fresh) await rm(folder, { recursive: true, force: true });
  const open = await openMachine({ folder, apiPort: port, progress: say });
  const running = await tellOtherCommands(folder, open.machine.apiUrl);
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    const reconciled = await Promise.race([deliverSample(open, { folder, say, json: json === true }), interrupted]);
    if (reconciled === undefined || once) return reconciled === false ? EXIT.quarantined : EXIT.reconciled;
    sayWhereThingsAre(open, folder);
    await interrupted;
    say('ending');
    return EXIT.reconciled;
  } finally {
    await rm(running, { force: true });
    await open.machine.close();
  }
}

/** Leaves where the API is for `npm run token`; returns the file to take away at the end. */
async function tellOtherCommands(folder: string, apiUrl: string): Promise<string> {
  const path = join(folder, LOCAL.runningFile);
  await writeFile(path, JSON.stringify({ apiUrl }));
  return path;
}

/** Delivers the sample (the second time it is recognised as the same) and shows what came of it. */
async function deliverSample(
  { machine, api }: OpenMachine,
  { folder, say, json }: { folder: string; say: Say; json: boolean },
): Promise<boolean> {
  const config = ApportionConfig.parse(sampleConfig(SAMPLE.period));
  const isNew = await connectIntegration(api, { id: SAMPLE.integrationId, name: 'Sample', delivery: 'files' }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.code === 'integration_exists') return false;
      throw error;
    },
  );
  if (isNew) {
    say(`setting up ${config.customers.length} customers and ${config.rules.length} rules through the API`);
    await applyConfig(api, config);
  }
  say(`delivering a sample bill of ${SAMPLE.rows} rows`);
  const since = await deliver(machine, [{ key: SAMPLE.key, path: await createSampleFile(folder) }]);
  await followDelivery(api, SAMPLE.integrationId, { key: SAMPLE.key, since }, say);
  await followRuns(api, say);
  const order = { customers: config.customers.map(({ name }) => name), rules: config.rules.map(({ name }) => name) };
  const summary = await collectSummary(api, order);
  process.stdout.write(json ? `${JSON.stringify(summary, null, 2)}\n` : `\n${summaryTable(summary)}\n`);
  return summary.reconciled;
}

function sayWhereThingsAre({ machine }: OpenMachine, folder: string): void {
  process.stderr.write(
    [
      '',
      `API            ${machine.apiUrl}/v1/customers`,
      `documentation  ${machine.apiUrl}/v1/docs  (OpenAPI: ${machine.apiUrl}/v1/openapi.json)`,
      `a token        npm run token -- --as partner   or   --as "customer:Alder Logistics"`,
      `files          ${folder}  (buckets, tables, logs)`,
      '',
      'Ctrl-C ends it; the next start goes on from here, --fresh starts over.',
      '',
    ].join('\n'),
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new InvalidArgumentError('a port from 1 to 65535');
  return port;
}

const command = new Command('start')
  .description('Runs the whole of Apportion on this machine, without AWS, and delivers a sample bill to it.')
  .option('--once', 'exit after the table; 0 only if everything is reconciled')
  .option('--fresh', 'forget what earlier starts left in .local')
  .option('--port <number>', 'port of the API', parsePort)
  .option('--quiet', 'no progress')
  .option('--json', 'print the summary as JSON instead of the table')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.badInput));

await exitWith(() => start(command.parse().opts<StartOptions>()));
