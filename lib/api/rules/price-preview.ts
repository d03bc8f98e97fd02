import type { PreviewRequest } from '../../contracts/rules/preview-rule.ts';
import type { RulePreview } from '../../contracts/rules/rule-preview.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import { Problem } from '../../domain/problem.ts';
import type { PartnerSettings } from '../../domain/settings.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { configOfMonth } from '../../pipeline/config-of-month.ts';
import { basesOfPriced } from '../../pipeline/priced-relation.ts';
import { inRulesDatabase } from '../../pipeline/rules-database.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { Database, OpenDatabase } from '../../ports/database.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { commitmentPolicies, sharesUnused } from '../../rules/commitments/commitment-policies.ts';
import {
  COMMITMENT_ROWS_COLUMNS,
  commitmentRowsSelect,
  commitmentSharesSelect,
} from '../../rules/commitments/commitment-shares.ts';
import type { PercentageBase } from '../../rules/percentage-bases.ts';
import { sql } from '../../sql/sql.ts';
import { addedByRules, currenciesOf } from './added-by-rules.ts';
import { answerPreview } from './answer-preview.ts';
import { closestValues } from './closest-values.ts';
import { type CostsFile, fetchPublishedCosts } from './fetch-published-costs.ts';
import { PreviewFigures } from './preview-figures.ts';
import { matchedRows, type PreviewPricing, pricedUnder, showDelivered } from './priced-preview.ts';
import { type RulesChange, rulesChange } from './rules-change.ts';

/** What a preview reads; it writes nothing but files of its own folder. */
export interface PreviewDeps {
  readonly customers: Pick<CustomerStore, 'find'>;
  readonly config: Pick<PartnerConfigReader, 'read' | 'history'>;
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly lake: Pick<ObjectStore, 'bucket' | 'readText' | 'download'>;
  readonly openDatabase: OpenDatabase;
  readonly inWorkFolder: <Result>(act: (folder: string) => Promise<Result>) => Promise<Result>;
  readonly memoryMegabytes: number;
}

/** Everything that a preview is of, read once. */
export interface PlannedPreview {
  readonly request: PreviewRequest;
  readonly change: RulesChange;
  readonly period: BillingPeriod;
  /** The integrations of which the period is published. */
  readonly states: readonly PeriodState[];
  readonly settings: PartnerSettings;
  readonly customers: readonly CustomerTenant[];
  readonly inScope: readonly CustomerTenant[];
}

/**
 * Says what a preview is of: of a closed month, the change is one of the rules that it was closed with. Throws the Problem
 * that the change itself would be refused with, or `nothing_published`.
 */
export async function planPreview(
  deps: Pick<PreviewDeps, 'customers' | 'config' | 'periods' | 'lake'>,
  request: PreviewRequest,
): Promise<PlannedPreview> {
  const closed = Object.keys((await deps.config.history()).closed ?? {});
  const published = publishedPeriod(await deps.periods.list(), request.period, closed);
  const { rules, settings, customers } = await configOfMonth(deps, published.period);
  const change = await rulesChange(rules, request, deps.customers);
  const { scope } = change;
  const inScope = customers.filter(({ id }) => scope === 'all' || scope.includes(id));
  return { request, change, settings, customers, inScope, ...published };
}

/** Prices a published period without and with the change; `onPriced` hears of every integration that is done. */
export async function pricePreview(
  deps: PreviewDeps,
  planned: PlannedPreview,
  onPriced: (state: PeriodState) => Promise<void> = async () => {},
): Promise<RulePreview> {
  const { change, states, settings, customers, inScope, request } = planned;
  const figures = new PreviewFigures(change);
  const pricing = {
    precedence: settings.precedence,
    policies: commitmentPolicies(settings.commitments, customers),
    groupBy: request.groupBy,
  };
  const bases: Bases = { before: [], after: [] };
  const closest = await deps.inWorkFolder((folder) =>
    inRulesDatabase(deps, folder, async (database) => {
      const all: CostsFile[] = [];
      for (const state of states) {
        const files = await fetchOf(deps, state, { ...planned, policies: pricing.policies }, folder);
        const own = await showRows(database, files, planned, pricing);
        if (own.length > 0) await previewIntegration(database, { change, figures, pricing, bases });
        all.push(...own);
        await onPriced(state);
      }
      return await closestOf(database, all, change, figures);
    }),
  );
  const runIds = states.flatMap(({ published }) => published?.runId ?? []);
  const currencies = await currenciesOf(deps.lake, runIds);
  for (const when of ['before', 'after'] as const) {
    const month = { period: planned.period, settings, customers: inScope, currencies, bases: bases[when] };
    const { rows, problem } = addedByRules(change, when, month);
    if (problem) throw problem;
    figures.addAdded(rows, when);
  }
  return answerPreview(planned, figures, closest);
}

/** What customers are charged under percentages, without and with the change. */
interface Bases {
  readonly before: PercentageBase[];
  readonly after: PercentageBase[];
}

/**
 * The period asked for, else the last one of which anything is published, with its integrations that are; a closed month,
 * which no change of the rules touches, only where there is no other.
 */
function publishedPeriod(
  all: readonly PeriodState[],
  asked: BillingPeriod | undefined,
  closed: readonly string[],
): { period: BillingPeriod; states: readonly PeriodState[] } {
  const published = all.filter((state) => state.published !== null && (asked ?? state.period) === state.period);
  const periods = published.map((state) => state.period).sort();
  const period = periods.findLast((one) => !closed.includes(one)) ?? periods.at(-1);
  if (period === undefined) throw new Problem('nothing_published', { period: asked ?? null });
  return { period, states: published.filter((state) => state.period === period) };
}

/** The files of the customers in scope; those of everybody where commitments are shared among all who use them. */
function fetchOf(
  { lake }: PreviewDeps,
  { integrationId, period, published }: PeriodState,
  { inScope, policies }: Pick<PlannedPreview, 'inScope'> & Pick<PreviewPricing, 'policies'>,
  folder: string,
): Promise<readonly CostsFile[]> {
  const scope = new Set<string>(inScope.map(({ id }) => id));
  const owners = (published?.owners ?? []).filter((owner) => sharesUnused(policies) || scope.has(owner));
  return fetchPublishedCosts(lake, { integrationId, period, owners }, folder);
}

/** Shows the rows in scope as `delivered`, and makes the shares of what everybody's commitments left unused. */
async function showRows(
  database: Database,
  files: readonly CostsFile[],
  { inScope }: PlannedPreview,
  { policies }: PreviewPricing,
): Promise<readonly CostsFile[]> {
  const scope = new Set<string>(inScope.map(({ id }) => id));
  const own = files.filter(({ owner }) => scope.has(owner));
  if (own.length === 0) return own;
  await showDelivered(database, own);
  if (!sharesUnused(policies)) return own;
  await showDelivered(database, files, 'everybodys');
  await database.run(`CREATE OR REPLACE TABLE commitment_rows (${COMMITMENT_ROWS_COLUMNS})`);
  await database.run(`INSERT INTO commitment_rows ${commitmentRowsSelect(policies, sql`everybodys`)}`);
  await database.run(`CREATE OR REPLACE TABLE commitment_shares AS ${commitmentSharesSelect()}`);
  return own;
}

/** Prices one integration's rows without and with the change: a run knows no other integration's rows either. */
async function previewIntegration(
  database: Database,
  {
    change: { before, after, replaced, draft },
    figures,
    pricing,
    bases,
  }: { change: RulesChange; figures: PreviewFigures; pricing: PreviewPricing; bases: Bases },
): Promise<void> {
  const negatives = draft ? 'watched' : 'all';
  const was = await pricedUnder(database, before, { ...pricing, negatives, watched: replaced });
  figures.addBefore(was);
  bases.before.push(...(await basesOfPriced(database, before)));
  const willBe = await pricedUnder(database, after, { ...pricing, negatives, watched: draft });
  figures.addAfter(willBe);
  bases.after.push(...(await basesOfPriced(database, after)));
  figures.addApplied(draft ? willBe.priced : was.priced);
  const isDeletion = draft === undefined && replaced !== undefined;
  figures.addMatched(
    await matchedRows(database, isDeletion ? [...after.map(shifted), { ...replaced, order: 1 }] : after),
  );
}

/** Makes room for one more rule, whose rows are counted among the others'. */
function shifted(rule: StoredRule): StoredRule {
  return { ...rule, order: rule.order + 1 };
}

async function closestOf(
  database: Database,
  files: readonly CostsFile[],
  { draft }: RulesChange,
  figures: PreviewFigures,
) {
  const isMatched = figures.lines().some(({ rowsMatched }) => rowsMatched > 0);
  if (draft === undefined || isMatched || files.length === 0) return [];
  const { rule } = draft;
  if (!('filter' in rule) || rule.filter === undefined) return [];
  await showDelivered(database, files);
  return await closestValues(database, rule.filter);
}
