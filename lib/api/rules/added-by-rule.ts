import { z } from 'zod';
import { RunSummary } from '../../contracts/runs/run-summary.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { changesRows } from '../../domain/changes-rows.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { RunId } from '../../domain/ids.ts';
import type { PartnerSettings } from '../../domain/settings.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { AddedRow } from '../../rules/added-rows.ts';
import { dueRows } from '../../rules/due-rows.ts';
import type { PercentageBase } from '../../rules/percentage-bases.ts';

/** What a period is known by when a charge is added to it. */
export interface ChargedPeriod {
  readonly period: BillingPeriod;
  readonly runIds: readonly RunId[];
  readonly customers: readonly CustomerTenant[];
  readonly settings: PartnerSettings;
  readonly bases: readonly PercentageBase[];
}

/**
 * The rows that a rule would add in a period; none where it changes rows instead. The currency of a charge is its own,
 * else the partner's, else the only one the period was billed in; otherwise throws Problem `currency_required`. A
 * percentage is of `bases`, the customers' rows as they are charged now.
 */
export async function addedByRule(
  lake: Pick<ObjectStore, 'readText'>,
  draft: StoredRule,
  { period, runIds, customers, settings, bases }: ChargedPeriod,
): Promise<readonly AddedRow[]> {
  if (changesRows(draft.rule)) return [];
  const currencies = await currenciesOf(lake, runIds);
  const { rows, problem } = dueRows({ rules: [draft], customers, settings }, { period, currencies, bases });
  if (problem !== undefined) throw problem;
  return rows;
}

async function currenciesOf(lake: Pick<ObjectStore, 'readText'>, runIds: readonly RunId[]): Promise<readonly string[]> {
  const summaries = await Promise.all(runIds.map((runId) => lake.readText(LAKE.summary(runId))));
  const runs = summaries.flatMap((summary) => z.array(RunSummary).parse(JSON.parse(summary?.text ?? '[]')));
  return [...new Set(runs.map(({ currency }) => currency))].sort();
}
