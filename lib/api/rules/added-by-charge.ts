import { z } from 'zod';
import { RunSummary } from '../../contracts/runs/run-summary.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { RunId } from '../../domain/ids.ts';
import { Problem } from '../../domain/problem.ts';
import type { PartnerSettings } from '../../domain/settings.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { type AddedRow, addedRows, addingRulesInOrder, isDue } from '../../rules/added-rows.ts';

/** What a period is known by when a charge is added to it. */
export interface ChargedPeriod {
  readonly period: BillingPeriod;
  readonly runIds: readonly RunId[];
  readonly customers: readonly CustomerTenant[];
  readonly settings: PartnerSettings;
}

/**
 * The rows that a rule would add in a period; none where it changes rows instead. Its currency is its own, else the
 * partner's, else the only one the period was billed in; otherwise throws Problem `currency_required`.
 */
export async function addedByCharge(
  lake: Pick<ObjectStore, 'readText'>,
  draft: StoredRule,
  { period, runIds, customers, settings }: ChargedPeriod,
): Promise<readonly AddedRow[]> {
  const [adding] = addingRulesInOrder([draft]);
  if (adding === undefined || !isDue(adding.rule, period)) return [];
  const currencies = await currenciesOf(lake, runIds);
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const currency = adding.rule.currency ?? settings.currency ?? only;
  if (currency === undefined) throw new Problem('currency_required', { currencies });
  return addedRows(adding, { period, customers, currency });
}

async function currenciesOf(lake: Pick<ObjectStore, 'readText'>, runIds: readonly RunId[]): Promise<readonly string[]> {
  const summaries = await Promise.all(runIds.map((runId) => lake.readText(LAKE.summary(runId))));
  const runs = summaries.flatMap((summary) => z.array(RunSummary).parse(JSON.parse(summary?.text ?? '[]')));
  return [...new Set(runs.map(({ currency }) => currency))].sort();
}
