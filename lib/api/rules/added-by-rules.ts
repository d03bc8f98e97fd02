import { z } from 'zod';
import { RunSummary } from '../../contracts/runs/run-summary.ts';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { RunId } from '../../domain/ids.ts';
import type { PartnerSettings } from '../../domain/settings.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { type DueRows, dueRows } from '../../rules/due-rows.ts';
import type { PercentageBase } from '../../rules/percentage-bases.ts';
import type { RulesChange } from './rules-change.ts';

/** What a period is known by when charges are added to it. */
export interface ChargedPeriod {
  readonly period: BillingPeriod;
  readonly currencies: readonly string[];
  readonly customers: readonly CustomerTenant[];
  readonly settings: PartnerSettings;
  readonly bases: readonly PercentageBase[];
}

/**
 * The rows that all rules add in a period without or with the change. A charge whose currency is not clear is left out as a
 * pricing leaves it out; `currency_required` is said where it is that of the rule in question. Percentages are of `bases`,
 * the customers' rows as they are charged then, and of the charges.
 */
export function addedByRules(
  { before, after, draft }: Pick<RulesChange, 'before' | 'after' | 'draft'>,
  when: 'before' | 'after',
  { customers, settings, ...month }: ChargedPeriod,
): DueRows {
  const rules = when === 'before' ? before : after;
  const { rows } = dueRows({ rules, customers, settings }, month);
  if (when === 'before' || draft === undefined) return { rows, problem: undefined };
  return { rows, problem: dueRows({ rules: [draft], customers, settings }, month).problem };
}

/** The billing currencies of published runs, sorted, each once. */
export async function currenciesOf(
  lake: Pick<ObjectStore, 'readText'>,
  runIds: readonly RunId[],
): Promise<readonly string[]> {
  const summaries = await Promise.all(runIds.map((runId) => lake.readText(LAKE.summary(runId))));
  const runs = summaries.flatMap((summary) => z.array(RunSummary).parse(JSON.parse(summary?.text ?? '[]')));
  return [...new Set(runs.map(({ currency }) => currency))].sort();
}
