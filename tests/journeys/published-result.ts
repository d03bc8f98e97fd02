import { getRun } from '../../lib/contracts/runs/get-run.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { TABLES } from '../../lib/names/tables.ts';
import type { Product } from './open-product.ts';
import { publishedRowsOf } from './published-rows-of.ts';

const PUBLISHED = [TABLES.customerCharges, TABLES.waterfall, TABLES.costs];

/**
 * Everything that the newest run of an integration has published for these customers and for nobody: figures and rows,
 * without what only says which integration and run it was.
 */
export async function publishedResult(
  { api, machine }: Pick<Product, 'api' | 'machine'>,
  { integrationId, period, customers }: { integrationId: string; period: string; customers: Iterable<string> },
) {
  const { items } = (await api.call(listRuns, { query: { integrationId } })).body;
  const runId = items[0]?.id ?? '';
  const { status, totals } = (await api.call(getRun, { params: { runId } })).body;
  const owners = [...customers, 'unassigned'];
  const parts = PUBLISHED.flatMap((table) => owners.map((owner) => ({ table, owner })));
  const rows = await Promise.all(
    parts.map((part) => publishedRowsOf(machine, { ...part, source: integrationId, period })),
  );
  const plain = rows.map((ofPart) =>
    ofPart
      .map(({ x_IntegrationId: _i, x_RunId: _r, ...row }) => row)
      .sort((a, b) => ((a.x_RowId ?? '') < (b.x_RowId ?? '') ? -1 : 1)),
  );
  return { status, figures: totals.map(({ integrationId: _, ...figures }) => figures), rows: plain };
}
