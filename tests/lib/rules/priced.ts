import type { StoredRule } from '../../../lib/domain/stored-rule.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { compileRules } from '../../../lib/rules/compile-rules.ts';
import { deliver, type RowOfTest } from './delivered-table.ts';

type TextRow = Readonly<Record<string, string | null>>;

/** Delivers rows, runs the compiled rules over them, and leaves `priced` and `waterfall` as tables. */
export async function price(database: Database, rules: readonly StoredRule[], rows: readonly RowOfTest[]) {
  await deliver(database, rows);
  const compiled = compileRules(rules, { precedence: 'first_match', runId: 'run_1' });
  await database.run(`CREATE OR REPLACE TABLE priced AS ${compiled.priced}`);
  await database.run(`CREATE OR REPLACE TABLE waterfall AS ${compiled.waterfall}`);
  return {
    compiled,
    priced: await database.rows('SELECT * FROM priced ORDER BY "x_RowId"'),
    waterfall: await database.rows('SELECT * FROM waterfall ORDER BY "x_RowId", "x_BillingRuleId"'),
  };
}

/** An amount of a row without trailing zeros; null stays null. */
export function amount(row: TextRow | undefined, column: string): string | null {
  const text = row?.[column] ?? null;
  return text === null || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}
