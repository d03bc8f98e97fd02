import { getAdditions } from '../../../lib/contracts/additions/get-additions.ts';
import { listAssignments } from '../../../lib/contracts/assignments/list-assignments.ts';
import { replaceAssignment } from '../../../lib/contracts/assignments/replace-assignment.ts';
import { getCosts } from '../../../lib/contracts/costs/get-costs.ts';
import { listIntegrations } from '../../../lib/contracts/integrations/list-integrations.ts';
import { explainRow } from '../../../lib/contracts/rows/explain-row.ts';
import { deleteRule } from '../../../lib/contracts/rules/delete-rule.ts';
import { getPreview } from '../../../lib/contracts/rules/get-preview.ts';
import { getRule } from '../../../lib/contracts/rules/get-rule.ts';
import { listRules } from '../../../lib/contracts/rules/list-rules.ts';
import { previewRule } from '../../../lib/contracts/rules/preview-rule.ts';
import { getRun } from '../../../lib/contracts/runs/get-run.ts';
import { listRuns } from '../../../lib/contracts/runs/list-runs.ts';
import { listSubAccounts } from '../../../lib/contracts/sub-accounts/list-sub-accounts.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { ROUTES } from '../../../lib/names/routes.ts';
import { until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { publishedRowsOf } from '../../journeys/published-rows-of.ts';
import { OWNED } from '../../journeys/small-partner.ts';
import { PERIOD, upToDate } from './up-to-date.ts';

/** Every kind of thing that the partner asks the API for, then a customer that loses all it has, and no more additions. */
export async function askTheApi(product: Product, ids: ReadonlyMap<string, CustomerId>): Promise<void> {
  const { api } = product;
  for (const customerId of ids.values())
    await api.call(getCosts, { query: { period: PERIOD, customerId, groupBy: 'service' } });
  const [row] = await publishedRowsOf(product.machine, { table: 'costs', owner: ids.get('Contoso') ?? '' });
  await api.call(explainRow, { params: { rowId: String(row?.x_RowId) }, query: { integrationId: 'acme' } });
  await api.call(listIntegrations);
  await api.call(listSubAccounts);
  await api.call(getAdditions, { params: { period: PERIOD } });
  const [run] = (await api.call(listRuns)).body.items;
  if (run === undefined) throw new Error('there is no run');
  await api.call(getRun, { params: { runId: run.id } });
  await preview(product);
  await readDocuments(product);
  for (const name of ['Care', 'Support']) await deleteRuleNamed(product, name);
  await giveAway(product, OWNED.Fabrikam[0], ids.get('Contoso'));
  await upToDate(product);
  await preview(product);
}

/** What a rule of rows, and what one of additions, would make of the published month, at once and as a job. */
export async function preview({ api }: Product): Promise<void> {
  const common = { name: 'More', startDate: '2025-01-01', customers: 'all' } as const;
  const rules = [
    { ...common, type: 'rerate', base: 'billed_cost', offsetPercent: '5' },
    { ...common, type: 'charge', amount: '5', serviceName: 'More' },
  ] as const;
  for (const rule of rules) await api.call(previewRule, { body: { rule, period: PERIOD } });
  const { body } = await api.call(previewRule, { body: { rule: rules[0], period: PERIOD, background: true } });
  if (body.status !== 'running') throw new Error('the preview was no job');
  const params = { previewId: body.id };
  await until('the preview is made', async () =>
    (await api.call(getPreview, { params })).body.status === 'done' ? true : undefined,
  );
}

/** What anybody may read, without a token. */
async function readDocuments({ machine }: Product): Promise<void> {
  for (const route of [ROUTES.openApi, ROUTES.docs]) {
    const { status } = await fetch(`${machine.apiUrl}${route.replace('GET ', '')}`);
    if (status !== 200) throw new Error(`${route} answered ${status}`);
  }
}

async function deleteRuleNamed({ api }: Product, name: string): Promise<void> {
  const rule = (await api.call(listRules)).body.items.find((one) => one.rule.name === name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  const params = { ruleId: rule.id };
  const { etag } = await api.call(getRule, { params });
  await api.call(deleteRule, { params, ifMatch: etag ?? '' });
}

/** The last sub account of one customer goes to another: its lists go away. */
async function giveAway({ api }: Product, subAccountId: string, owner: CustomerId | undefined): Promise<void> {
  const assignment = (await api.call(listAssignments)).body.items.find((one) => one.subAccountId === subAccountId);
  if (assignment === undefined || owner === undefined) throw new Error(`${subAccountId} cannot be given away`);
  await api.call(replaceAssignment, {
    query: { subAccountId, ...(assignment.provider ? { provider: assignment.provider } : {}) },
    body: { owners: [{ owner, from: null, to: null }] },
    ifMatch: `"${assignment.version}"`,
  });
}
