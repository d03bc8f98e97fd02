import { DEFAULT_SETTINGS, type Precedence } from '../../../lib/domain/settings.ts';
import type { StoredRule } from '../../../lib/domain/stored-rule.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { type CompiledRules, compileRules } from '../../../lib/rules/compile-rules.ts';
import { deliver, type RowOfTest } from './delivered-table.ts';

type TextRow = Readonly<Record<string, string | null>>;

/** Delivers rows, runs the compiled rules over them, and leaves `priced` and `waterfall` as tables. */
export async function price(
  database: Database,
  rules: readonly StoredRule[],
  rows: readonly RowOfTest[],
  precedence: Precedence = DEFAULT_SETTINGS.precedence,
) {
  await deliver(database, rows);
  const compiled = compileRules(rules, { precedence, runId: 'run_1' });
  const steps = await stepsOf(database, compiled);
  await makePriced(database, compiled, steps);
  return {
    compiled: { priced: compiled.priced(steps), waterfall: compiled.waterfall(steps).join('\n') },
    priced: await database.rows('SELECT * FROM priced ORDER BY "x_RowId"'),
    waterfall: await database.rows('SELECT * FROM waterfall ORDER BY "x_RowId", "x_BillingRuleId"'),
  };
}

/** Makes the tables `priced` and `waterfall` of what is delivered. */
export async function makePriced(database: Database, compiled: CompiledRules, steps: number): Promise<void> {
  for (const { table, select } of compiled.partlyPriced(steps))
    await database.run(`CREATE OR REPLACE TABLE ${table} AS ${select}`);
  await database.run(`CREATE OR REPLACE TABLE priced AS ${compiled.priced(steps)}`);
  const [first = '', ...more] = compiled.waterfall(steps);
  await database.run(`CREATE OR REPLACE TABLE waterfall AS ${first}`);
  for (const select of more) await database.run(`INSERT INTO waterfall ${select}`);
}

/** How many rules act on one row at most, as the database says of what is delivered. */
export async function stepsOf(database: Database, { mostRules }: CompiledRules): Promise<number> {
  if (mostRules === undefined) return 1;
  const [found] = await database.rows(mostRules);
  return Number(found?.steps);
}

/** An amount of a row without trailing zeros; null stays null. */
export function amount(row: TextRow | undefined, column: string): string | null {
  const text = row?.[column] ?? null;
  return text === null || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}
