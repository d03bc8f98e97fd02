import type { previewRule as contract } from '../../contracts/rules/preview-rule.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { changesRows } from '../../domain/changes-rows.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import { Problem } from '../../domain/problem.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { Database, OpenDatabase } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { percentageRulesInOrder } from '../../rules/added-rows.ts';
import { commitmentPolicies } from '../../rules/commitments/commitment-policies.ts';
import {
  type PercentageBase,
  type PercentageRule,
  percentageBase,
  percentageBasesSelect,
} from '../../rules/percentage-bases.ts';
import { DUCKDB_MACROS } from '../../sql/duckdb-macros.ts';
import type { UseCase } from '../use-case.ts';
import { acceptRule } from './accept-rule.ts';
import { addedByRule } from './added-by-rule.ts';
import { closestValues } from './closest-values.ts';
import { type CostsFile, fetchPublishedCosts } from './fetch-published-costs.ts';
import { PreviewFigures } from './preview-figures.ts';
import { matchedRows, type PreviewPricing, pricedRows, showDelivered } from './priced-preview.ts';
import { type RulesWithDraft, rulesWithDraft } from './rules-with-draft.ts';

/** What a preview reads; it writes nothing but files of its own folder. */
export interface PreviewDeps {
  readonly customers: Pick<CustomerStore, 'find'>;
  readonly config: Pick<PartnerConfigReader, 'read'>;
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly lake: Pick<ObjectStore, 'bucket' | 'readText' | 'download'>;
  readonly openDatabase: OpenDatabase;
  readonly inWorkFolder: <Result>(act: (folder: string) => Promise<Result>) => Promise<Result>;
  readonly memoryMegabytes: number;
}

/** A Lambda function of up to 3 GB has two processors. */
const THREADS = 2;

/** Says what a rule would do to the last published period. */
export const previewRule =
  (deps: PreviewDeps): UseCase<typeof contract> =>
  async ({ body: { rule: given, order, ruleId, period: asked } }) => {
    const rule = await acceptRule(given, deps.customers);
    const config = await deps.config.read();
    const withDraft = rulesWithDraft(config.rules, rule, { order, replaced: ruleId });
    const { period, states } = publishedPeriod(await deps.periods.list(), asked);
    const customers = config.customers.filter(({ id }) => rule.customers === 'all' || rule.customers.includes(id));
    const runIds = states.flatMap(({ published }) => published?.runId ?? []);
    const figures = new PreviewFigures();
    const bases: PercentageBase[] = [];
    const pricing = {
      precedence: config.settings.precedence,
      policies: commitmentPolicies(config.settings.commitments, config.customers),
    };
    const closest = await deps.inWorkFolder((folder) =>
      inDatabase(deps, folder, async (database) => {
        const all: CostsFile[] = [];
        for (const state of states) {
          const files = await fetchOf(deps, state, customers, folder);
          if (files.length > 0)
            bases.push(
              ...(await previewIntegration(database, files, { stored: config.rules, withDraft, figures, pricing })),
            );
          all.push(...files);
        }
        return await closestOf(database, all, withDraft.draft, figures);
      }),
    );
    figures.addAdded(await addedByRule(deps.lake, withDraft.draft, { ...config, period, runIds, customers, bases }));
    return { body: { period, ...answer(figures, withDraft, config.customers), closest: [...closest] } };
  };

/** The period asked for, else the last one of which anything is published, with its integrations that are. */
function publishedPeriod(
  all: readonly PeriodState[],
  asked: BillingPeriod | undefined,
): { period: BillingPeriod; states: readonly PeriodState[] } {
  const published = all.filter((state) => state.published !== null && (asked ?? state.period) === state.period);
  const period = published
    .map((state) => state.period)
    .sort()
    .at(-1);
  if (period === undefined) throw new Problem('nothing_published', { period: asked ?? null });
  return { period, states: published.filter((state) => state.period === period) };
}

async function inDatabase<Result>(
  { openDatabase, memoryMegabytes }: PreviewDeps,
  folder: string,
  act: (database: Database) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabase({ folder, memoryMegabytes, threads: THREADS });
  try {
    for (const macro of DUCKDB_MACROS) await database.run(macro);
    // A preview knows the rows of some customers only, and so no shares of what they all left unused.
    await database.run('CREATE TABLE commitment_shares ("x_ShareRow" VARCHAR, "x_Share" DECIMAL(28,12))');
    return await act(database);
  } finally {
    database.close();
  }
}

function fetchOf(
  { lake }: PreviewDeps,
  { integrationId, period, published }: PeriodState,
  customers: readonly CustomerTenant[],
  folder: string,
): Promise<readonly CostsFile[]> {
  const owners = new Set(published?.owners);
  const customerIds = customers.map(({ id }) => id).filter((id) => owners.has(id));
  return fetchPublishedCosts(lake, { integrationId, period, customerIds }, folder);
}

/** Prices one integration's rows without and with the draft: a run knows no other integration's rows either. */
async function previewIntegration(
  database: Database,
  files: readonly CostsFile[],
  {
    stored,
    withDraft: { rules, draft },
    figures,
    pricing,
  }: {
    stored: readonly StoredRule[];
    withDraft: RulesWithDraft;
    figures: PreviewFigures;
    pricing: PreviewPricing;
  },
): Promise<readonly PercentageBase[]> {
  await showDelivered(database, files);
  figures.addBefore(await pricedRows(database, stored, { ...pricing, watched: 0 }));
  figures.addAfter(await pricedRows(database, rules, { ...pricing, watched: draft.order }), draft.id);
  const shares = percentageRulesInOrder([draft]);
  const bases = shares.length === 0 ? [] : await percentageBases(database, shares);
  if (changesRows(draft.rule)) figures.addMatched(await matchedRows(database, draft, pricing));
  return bases;
}

/** What the rows that are priced now come to under a percentage; a row that was backed out is not charged. */
async function percentageBases(
  database: Database,
  rules: readonly PercentageRule[],
): Promise<readonly PercentageBase[]> {
  await database.run(`CREATE OR REPLACE TEMP VIEW charged AS
SELECT * FROM priced WHERE NOT "x_Removed" AND "x_Owner" NOT IN ('unassigned', 'partner')`);
  return (await database.rows(percentageBasesSelect(rules))).map((row) => percentageBase(rules, row));
}

async function closestOf(
  database: Database,
  files: readonly CostsFile[],
  { rule }: StoredRule,
  figures: PreviewFigures,
) {
  const isMatched = figures.lines().some(({ rowsMatched }) => rowsMatched > 0);
  if (isMatched || files.length === 0 || !('filter' in rule) || rule.filter === undefined) return [];
  await showDelivered(database, files);
  return await closestValues(database, rule.filter);
}

function answer(figures: PreviewFigures, { rules, draft }: RulesWithDraft, customers: readonly CustomerTenant[]) {
  const lines = figures.lines();
  const total = (of: 'rows' | 'rowsMatched' | 'rowsApplied' | 'rowsAdded') =>
    lines.reduce((sum, line) => sum + line[of], 0);
  const place = new Map(customers.map(({ id }, index) => [id, index]));
  const nameOf = (id: CustomerId) => customers.find((customer) => customer.id === id)?.name ?? id;
  const inOrder = lines.toSorted(
    (a, b) => (place.get(a.customerId) ?? 0) - (place.get(b.customerId) ?? 0) || (a.currency < b.currency ? -1 : 1),
  );
  const warnings = figures.warnings(draft.id).map(({ customerId, ruleId, code, rows }) => ({
    code,
    rule: rules.find(({ id }) => id === ruleId)?.rule.name ?? ruleId,
    customer: nameOf(customerId),
    rows,
  }));
  return {
    rows: total('rows'),
    rowsMatched: total('rowsMatched'),
    rowsApplied: total('rowsApplied'),
    rowsAdded: total('rowsAdded'),
    customers: inOrder.map(({ currency, ...line }) => ({
      ...line,
      name: nameOf(line.customerId),
      BillingCurrency: currency,
    })),
    warnings: warnings.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)),
  };
}
