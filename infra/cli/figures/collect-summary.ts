import type { z } from 'zod';
import { getAdditions } from '../../../lib/contracts/additions/get-additions.ts';
import { listPeriods } from '../../../lib/contracts/periods/list-periods.ts';
import { getRun } from '../../../lib/contracts/runs/get-run.ts';
import type { RunSummary } from '../../../lib/contracts/runs/run-summary.ts';
import type { ApiClient } from '../api-client.ts';
import { folderNames } from './folder-names.ts';
import type { Summary } from './summary.ts';

/** Order in which people gave their customers and rules; names that are not in it come last, by name. */
export interface GivenOrder {
  readonly customers: readonly string[];
  readonly rules: readonly string[];
}

/** Everything published, read through the API and put in the order of `split-command.md`. */
export async function collectSummary(api: ApiClient, order: GivenOrder): Promise<Summary> {
  const { items: periods } = (await api.call(listPeriods)).body;
  const runs: z.infer<typeof RunSummary>[] = [];
  for (const { published } of periods)
    if (published) runs.push(...(await api.call(getRun, { params: { runId: published.runId } })).body.totals);
  const additions: Summary['additions'] = [];
  for (const period of [...new Set(periods.map((one) => one.period))].sort())
    additions.push(...(await api.call(getAdditions, { params: { period } })).body.additions);
  return {
    version: 1,
    reconciled: runs.length > 0 && runs.every(({ reconciled }) => reconciled),
    runs: inOrder(runs, order),
    additions: additions.map((one) => ({ ...one, customers: sortByName(one.customers, order.customers) })),
  };
}

function inOrder(runs: Summary['runs'], order: GivenOrder): Summary['runs'] {
  const names = [...new Set(runs.flatMap(({ customers }) => customers.map(({ name }) => name)))];
  const sorted = sortByName(
    names.map((name) => ({ name })),
    order.customers,
  ).map(({ name }) => name);
  const folders = folderNames(sorted);
  return runs
    .map((run) => ({
      ...run,
      customers: sortByName(run.customers, sorted).map((customer) => ({
        ...customer,
        folder: `customers/${folders.get(customer.name)}`,
      })),
      warnings: sortWarnings(run.warnings, sorted, order.rules),
    }))
    .sort((a, b) => compare([a.period, a.integrationId, a.currency], [b.period, b.integrationId, b.currency]));
}

function sortByName<Item extends { name: string }>(items: readonly Item[], names: readonly string[]): Item[] {
  return [...items].sort((a, b) => compare([placeOf(a.name, names), a.name], [placeOf(b.name, names), b.name]));
}

/** Warnings by code, then customer and rule as they were given. */
function sortWarnings(
  warnings: Summary['runs'][number]['warnings'],
  customers: readonly string[],
  rules: readonly string[],
): Summary['runs'][number]['warnings'] {
  const key = ({ code, customer, rule, otherRule, column }: (typeof warnings)[number]) => [
    code,
    placeOf(customer, customers),
    placeOf(rule, rules),
    placeOf(otherRule, rules),
    column ?? '',
  ];
  return [...warnings].sort((a, b) => compare(key(a), key(b)));
}

/** A name's place as text that sorts; names nobody gave come last, an absent name first. */
function placeOf(name: string | undefined, names: readonly string[]): string {
  if (name === undefined) return '';
  const place = names.indexOf(name);
  return String(place < 0 ? names.length : place).padStart(9, '0');
}

function compare(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((part, position) => part !== b[position]);
  if (index < 0) return 0;
  return (a[index] ?? '') < (b[index] ?? '') ? -1 : 1;
}
