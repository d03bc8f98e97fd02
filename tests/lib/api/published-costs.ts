import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckdb } from '../../../lib/adapters/duckdb/open-duckdb.ts';
import { freshUuid } from '../../../lib/adapters/system-clock.ts';
import { getPreview } from '../../../lib/api/rules/get-preview.ts';
import { runPreviewJob } from '../../../lib/api/rules/preview-job.ts';
import { previewRule } from '../../../lib/api/rules/preview-rule.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import { previewIdOf } from '../../../lib/domain/new-id.ts';
import { COSTS_COLUMNS } from '../../../lib/focus/result-columns.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { TABLES } from '../../../lib/names/tables.ts';
import { inWorkFolder } from '../../../lib/pipeline/work-folder.ts';
import { DUCKDB_MACROS } from '../../../lib/sql/duckdb-macros.ts';
import { deliver, type RowOfTest } from '../rules/delivered-table.ts';
import { apiCaller } from './api-caller.ts';
import { type ApiWorld, openApiWorld, publishRun } from './api-world.ts';

/** A published bill: its rows, each with its owner in `x_Owner`. */
export interface PublishedBill {
  readonly integration: string;
  readonly period: string;
  readonly rows: readonly RowOfTest[];
  readonly currencies?: readonly string[];
  /** Rows of every customer as the run's figures say; none where left out. */
  readonly rowsSaid?: number;
}

/** The API's world with cost ledgers published as Publish does, and the preview over them. */
export async function openPreviewWorld() {
  const world = await openApiWorld();
  const folder = mkdtempSync(join(tmpdir(), 'apportion-published-'));
  let runs = 0;
  return {
    ...world,
    folder,
    api: apiCaller(world, previewsOf(world)),
    /** Makes the previews that were asked for as jobs. */
    runJobs: async () => {
      const asked = world.asked.filter((ask) => ask.startsWith('preview '));
      for (const ask of asked) await runPreviewJob(jobDeps(world))({ id: ask.slice('preview '.length) });
    },
    publish: async (bill: PublishedBill) => {
      runs += 1;
      await publishCosts(world, { bill, folder, number: runs });
    },
    close: async () => {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The operations of previews over a world. */
export function previewsOf(world: ApiWorld) {
  const deps = {
    ...jobDeps(world),
    previewAsks: { preview: async (id: string) => void world.asked.push(`preview ${id}`) },
    newPreviewId: () => previewIdOf(freshUuid()),
  };
  return { previewRule: previewRule(deps), getPreview: getPreview(deps) };
}

function jobDeps({ world, lake }: ApiWorld) {
  return { ...world, lake, openDatabase: openDuckdb, inWorkFolder, memoryMegabytes: 512 };
}

async function publishCosts(
  world: ApiWorld,
  { bill, folder, number }: { bill: PublishedBill; folder: string; number: number },
): Promise<void> {
  const period = BillingPeriod.parse(bill.period);
  const owners = [...new Set(bill.rows.map(({ x_Owner }) => x_Owner ?? ''))];
  const database = await openDuckdb({ folder, memoryMegabytes: 512, threads: 2 });
  for (const macro of DUCKDB_MACROS) await database.run(macro);
  await deliver(database, bill.rows);
  const columns = Object.keys(COSTS_COLUMNS).map((name) => (name === 'x_RunId' ? `'run' AS "x_RunId"` : `"${name}"`));
  for (const owner of owners) {
    const key = LAKE.costsFile(owner, period, String(number), 0);
    const path = join(folder, `${number}-${owner}.parquet`);
    await database.run(`COPY (SELECT ${columns.join(', ')} FROM delivered WHERE "x_Owner" = '${owner}') TO '${path}'`);
    world.lake.files.set(key, path);
    world.lake.texts.set(
      LAKE.publishedList(TABLES.costs, owner, period, bill.integration),
      `s3://${world.lake.bucket}/${key}\n`,
    );
  }
  database.close();
  const runId = await publishRun(world, { integration: bill.integration, period, owners, number });
  const { currencies = ['USD'] } = bill;
  world.lake.texts.set(LAKE.summary(runId), JSON.stringify(currencies.map((currency) => summaryOf(currency, bill))));
}

/** A run's figures, of which a preview reads the currency. */
function summaryOf(currency: string, { integration, period, rows, rowsSaid = 0 }: PublishedBill) {
  const costs = { BilledCost: '0', EffectiveCost: '0', ListCost: '0', ContractedCost: '0' };
  const nothing = { rows: 0, ...costs };
  const said = { rows: rowsSaid, ...costs };
  const customers = [...new Set(rows.map(({ x_Owner }) => x_Owner ?? ''))].map((folder) => ({
    ...{ name: folder, folder, delivered: said, charged: said },
    ...{ commitments: { rows: 0, delta: costs }, rules: [] },
  }));
  return {
    ...{ integrationId: integration, period, currency, reconciled: true, customers, warnings: [] },
    ...{ delivered: nothing, ingestRounding: costs, unassigned: nothing, partner: nothing },
  };
}
