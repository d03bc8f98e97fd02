import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { applyConfig, connectIntegration } from '../../infra/cli/apply-config.ts';
import { ApportionConfig } from '../../infra/cli/config/apportion-config.ts';
import { deliver } from '../../infra/cli/deliver.ts';
import { collectSummary } from '../../infra/cli/figures/collect-summary.ts';
import { followDelivery, followRuns } from '../../infra/cli/follow-bill.ts';
import { openMachine } from '../../infra/cli/open-machine.ts';
import { getDelivery } from '../../lib/contracts/deliveries/get-delivery.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { BENCH_CUSTOMERS, BENCH_RULES, benchConfig, writeBenchBill } from './bench-bill.ts';
import { residentBytes } from './resident-bytes.ts';

/** `npm run bench [-- rows]`: the whole pipeline on one bill, each step beside the floor of the same machine and run. */
const rows = Number(process.argv[2] ?? 1_000_000);
const folder = await mkdtemp(join(tmpdir(), 'apportion-bench-'));

/** Highest resident memory of the machine and all its functions together, sampled ten times a second. */
let peakBytes = 0;
const sampling = setInterval(() => {
  peakBytes = Math.max(peakBytes, residentBytes());
}, 100);

try {
  const bill = join(folder, 'bench.parquet');
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '4GB' })).connect();
  await writeBenchBill(connection, bill, rows);
  const floorBegan = performance.now();
  await connection.run(
    `COPY (SELECT * FROM '${bill}') TO '${join(folder, 'floor.parquet')}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  const floorSeconds = (performance.now() - floorBegan) / 1000;
  connection.closeSync();
  const megabytes = (await stat(bill)).size / 2 ** 20;
  console.log(
    `${rows} rows, 45 columns, ${megabytes.toFixed(0)} MB of Parquet, ${BENCH_CUSTOMERS} customers, ${BENCH_RULES} rules`,
  );
  console.log(`floor: reading and writing the same Parquet takes ${floorSeconds.toFixed(2)} s\n`);

  const { machine, api } = await openMachine({ folder: join(folder, 'machine'), progress: () => {} });
  try {
    await connectIntegration(api, { id: 'bench', name: 'Bench', delivery: 'files' });
    await applyConfig(api, ApportionConfig.parse(benchConfig()));
    peakBytes = 0;
    const began = Date.now();
    const since = await deliver(machine, [{ key: 'bench/bench.parquet', path: bill }]);
    await followDelivery(api, 'bench', { key: 'bench/bench.parquet', since }, () => {});
    await followRuns(api, () => {});
    const [delivered] = (await api.call(listDeliveries, {})).body.items;
    const [run] = (await api.call(listRuns, {})).body.items;
    if (!delivered || !run) throw new Error('nothing ran');
    const delivery = (await api.call(getDelivery, { params: { deliveryId: delivered.id } })).body;
    const summary = await collectSummary(api, { customers: [], rules: [] });
    const entered = [
      ['Receive', began] as const,
      ...Object.entries(run.steps).map(([step, at]) => [step, Date.parse(at)] as const),
      ['end', Date.parse(run.endedAt ?? delivery.endedAt ?? '')] as const,
    ].sort(([, a], [, b]) => a - b);
    const steps = entered.slice(0, -1).map(([step, at], index) => ({
      step,
      seconds: ((entered[index + 1]?.[1] ?? at) - at) / 1000,
    }));
    const whole = steps.reduce((sum, { seconds }) => sum + seconds, 0);
    console.table(
      [...steps, { step: 'whole', seconds: whole }].map(({ step, seconds }) => ({
        step,
        seconds: seconds.toFixed(2),
        'rows/s': Math.round(rows / Math.max(seconds, 0.001)),
        '× floor': (seconds / floorSeconds).toFixed(2),
      })),
    );
    console.log(
      `peak memory of stand-ins and functions together: ${(peakBytes / 2 ** 30).toFixed(2)} GiB; reconciled: ${summary.reconciled}`,
    );
    await writeFile('.cache/bench.json', JSON.stringify({ rows, floorSeconds, steps, peakBytes }, null, 2)).catch(
      () => {},
    );
    process.exitCode = summary.reconciled ? 0 : 1;
  } finally {
    await machine.close();
  }
} finally {
  clearInterval(sampling);
  await rm(folder, { recursive: true, force: true });
}
