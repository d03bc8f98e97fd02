import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExactDecimal } from '../../../lib/domain/exact-decimal.ts';
import type { StoredRule } from '../../../lib/domain/stored-rule.ts';
import { COST_COLUMNS } from '../../../lib/focus/columns.ts';
import { WATERFALL_COLUMNS } from '../../../lib/focus/result-columns.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { AMOUNT_COLUMNS, amountsOf } from '../../../lib/rules/amounts.ts';
import { priceRow } from '../../../lib/rules/price-row.ts';
import { pricedColumns } from '../../../lib/rules/priced-columns.ts';
import { deliver, inMemory, openForRules, type RowOfTest } from './delivered-table.ts';
import { price } from './priced.ts';
import { anyRow } from './random-filters.ts';
import { anyRule } from './random-rules.ts';
import { stored } from './stored.ts';

describe('Compiled rules', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test('charge what they mean in exact decimals, row by row, and the waterfall adds up to it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRule, { maxLength: 8 }),
        fc.array(anyRow, { minLength: 1, maxLength: 25 }),
        async (drafts, anyRows) => {
          const rules = stored(...drafts);
          const rows = anyRows.map((row, at) => ({ ...row, x_RowId: String(at).padStart(3, '0') }));
          const { priced, waterfall } = await price(database, rules, rows);
          const meant = rows.map((row) => meaningOf(rules, row));
          expect(priced.map(readPriced)).toEqual(meant.map(({ priced: row }) => row));
          const steps = meant.flatMap(({ waterfall: of }) => of);
          expect(waterfall.map(readStep)).toEqual(steps.map((step) => withTwice(step, rows, priced)));
        },
      ),
      { numRuns: 120 },
    );
  }, 90_000);

  test('have the columns that the ledgers are made of, with money as DECIMAL(38,18)', async () => {
    await price(database, stored({ type: 'adjust_to_list' }, { type: 'back_out' }), []);
    const described = async (table: string) =>
      await database.rows(`SELECT column_name, column_type FROM (DESCRIBE ${table})`);
    const priced = await described('priced');
    expect(priced.map(({ column_name }) => column_name)).toEqual([
      ...pricedColumns({ precedence: 'first_match', hasPolicies: false }),
    ]);
    for (const column of AMOUNT_COLUMNS)
      expect(priced).toContainEqual({ column_name: `x_Charged${column}`, column_type: 'DECIMAL(38,18)' });
    const waterfall = await described('waterfall');
    expect(waterfall.map(({ column_name }) => column_name)).toEqual([...Object.keys(WATERFALL_COLUMNS), 'x_Owner']);
    expect(waterfall.filter(({ column_type }) => column_type === 'DECIMAL(38,18)')).toHaveLength(4);
  });

  test('of nobody leave every row as it was delivered', async () => {
    const { priced, waterfall } = await price(database, [], [{ BilledCost: '1.5', ListCost: null }]);
    expect(priced).toMatchObject([
      { x_ChargedBilledCost: '1.500000000000000000', x_ChargedListCost: null, x_RuleNumber: null, x_Removed: 'false' },
    ]);
    expect(waterfall).toEqual([]);
  });

  test('four hundred of them run over a hundred thousand rows in seconds', async () => {
    const rules = stored(
      ...Array.from({ length: 400 }, (_, at) => ({
        ...(at % 4 === 0 ? { type: 'back_out' } : { type: 'rerate', base: 'billed_cost', offsetPercent: String(at) }),
        filter: {
          all: [
            { field: 'SubAccountId', op: 'in', values: [`account-${at}`] },
            { field: 'Tags', key: 'env', op: 'notIn', values: ['dev'] },
          ],
        },
      })),
    );
    await deliver(database, [{ Tags: { env: 'prod' }, BilledCost: '1' }]);
    await database.run(
      `CREATE OR REPLACE TABLE many AS SELECT delivered.* REPLACE ('account-' || (i % 400) AS "SubAccountId", CAST(i AS VARCHAR) AS "x_RowId") FROM delivered, range(100000) AS r(i)`,
    );
    const { compiled } = await price(database, rules, []);
    await database.run('CREATE OR REPLACE TABLE delivered AS SELECT * FROM many');
    const before = performance.now();
    await database.run(`CREATE OR REPLACE TABLE priced AS ${compiled.priced}`);
    await database.run(`CREATE OR REPLACE TABLE waterfall AS ${compiled.waterfall}`);
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(
      await database.rows('SELECT count(*) AS applied, count(DISTINCT "x_BillingRuleId") AS rules FROM waterfall'),
    ).toEqual([{ applied: '100000', rules: '400' }]);
  }, 60_000);
});

/** A priced row as compared: its amounts at full scale, what was applied, what became of it. */
function readPriced(row: Readonly<Record<string, string | null>>) {
  const amounts = amountsOf((column) => row[`x_Charged${column}`] ?? null);
  const { x_RuleNumber, x_Removed, x_IsStandardPrice } = row;
  return { ...amounts, x_RuleNumber, x_Removed, x_IsStandardPrice };
}

function readStep(row: Readonly<Record<string, string | null>>) {
  return {
    row: row.x_RowId,
    rule: row.x_BillingRuleId,
    version: row.x_BillingRuleVersion,
    applied: row.x_Applied,
    warning: row.x_WarningCode,
    deltas: COST_COLUMNS.map((column) => row[`x_${column}Delta`]),
  };
}

function meaningOf(rules: readonly StoredRule[], row: RowOfTest) {
  const delivered = inMemory(row);
  const { rule, outcome, shadowed } = priceRow(rules, delivered);
  const removed = outcome?.kind === 'removed';
  const zero = new ExactDecimal(0);
  const charged = outcome?.kind === 'priced' ? outcome.amounts : amountsOf((column) => delivered[column]);
  const left = removed
    ? amountsOf((column) => (column.endsWith('Cost') || charged[column] !== null ? zero : null))
    : charged;
  const warning = outcome?.kind === 'list_price_missing' ? outcome.kind : null;
  const deltas = COST_COLUMNS.map((column) => (left[column] ?? zero).minus(delivered[column] ?? zero).toFixed(18));
  const step = (of: StoredRule, applied: boolean) => ({
    row: row.x_RowId,
    rule: of.id,
    version: String(of.version),
    applied: String(applied),
    warning: applied ? warning : 'back_out_shadowed',
    deltas: applied ? deltas : COST_COLUMNS.map(() => zero.toFixed(18)),
  });
  return {
    priced: {
      ...amountsOf((column) => left[column]?.toFixed(18) ?? null),
      x_RuleNumber: rule === undefined ? null : String(rule.order),
      x_Removed: String(removed),
      x_IsStandardPrice: String(outcome?.kind === 'priced' && outcome.isStandardPrice),
    },
    waterfall: [...(rule === undefined ? [] : [step(rule, true)]), ...shadowed.map((of) => step(of, false))],
  };
}

/** Marks the steps that charge for usage of a commitment whose purchase the same owner is charged too. */
function withTwice<Step extends { row: string | null | undefined; warning: string | null; applied: string }>(
  step: Step,
  rows: readonly RowOfTest[],
  priced: readonly Readonly<Record<string, string | null>>[],
): Step {
  const of = (id: unknown) => rows.findIndex((row) => row.x_RowId === id);
  const [row, result] = [rows[of(step.row)], priced[of(step.row)]];
  const isUsed =
    row?.CommitmentDiscountStatus === 'Used' && result?.x_IsStandardPrice === 'true' && step.applied === 'true';
  const isPaid = rows.some(
    (other, at) =>
      other.ChargeCategory === 'Purchase' &&
      other.CommitmentDiscountId === row?.CommitmentDiscountId &&
      (other.CommitmentDiscountId ?? null) !== null &&
      other.x_Owner === row?.x_Owner &&
      priced[at]?.x_Removed === 'false' &&
      /[1-9]/.test(priced[at]?.x_ChargedBilledCost ?? ''),
  );
  return isUsed && isPaid ? { ...step, warning: 'commitment_charged_twice' } : step;
}
