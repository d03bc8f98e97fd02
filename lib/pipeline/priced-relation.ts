import { PARTNER, UNASSIGNED } from '../names/tables.ts';
import type { Database } from '../ports/database.ts';
import type { PartnerConfig } from '../ports/partner-config.ts';
import { percentageRulesInOrder } from '../rules/added-rows.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';
import { type PercentageBase, percentageBase, percentageBasesSelect } from '../rules/percentage-bases.ts';

/** Makes the view `priced` over `delivered`; returns the most rules that one row has. */
export async function showPriced(database: Database, compiled: CompiledRules): Promise<number> {
  const [most] = compiled.mostRules === undefined ? [{ steps: '1' }] : await database.rows(compiled.mostRules);
  const steps = Number(most?.steps);
  for (const { table, select } of compiled.partlyPriced(steps))
    await database.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${select}`);
  await database.run(`CREATE OR REPLACE TEMP VIEW priced AS ${compiled.priced(steps)}`);
  return steps;
}

/** What customers’ rows of `priced` come to under each percentage of the whole; a row that was backed out is not charged. */
export async function basesOfPriced(
  database: Database,
  rules: PartnerConfig['rules'],
): Promise<readonly PercentageBase[]> {
  const percentages = percentageRulesInOrder(rules);
  if (percentages.length === 0) return [];
  await database.run(`CREATE OR REPLACE TEMP VIEW charged AS
SELECT * FROM priced WHERE NOT "x_Removed" AND "x_Owner" NOT IN ('${UNASSIGNED}', '${PARTNER}')`);
  return (await database.rows(percentageBasesSelect(percentages))).map((row) => percentageBase(percentages, row));
}
