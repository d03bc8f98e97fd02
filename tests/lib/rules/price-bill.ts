import type { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { CustomerTenant } from '../../../lib/domain/customer-tenant.ts';
import type { PartnerSettings } from '../../../lib/domain/settings.ts';
import type { StoredRule } from '../../../lib/domain/stored-rule.ts';
import type { Database } from '../../../lib/ports/database.ts';
import { percentageRulesInOrder } from '../../../lib/rules/added-rows.ts';
import { commitmentPolicies } from '../../../lib/rules/commitments/commitment-policies.ts';
import { commitmentRowsSelect, commitmentSharesSelect } from '../../../lib/rules/commitments/commitment-shares.ts';
import { compileRules } from '../../../lib/rules/compile-rules.ts';
import { customerLedger } from '../../../lib/rules/customer-ledger.ts';
import { dueRows } from '../../../lib/rules/due-rows.ts';
import { percentageBase, percentageBasesSelect } from '../../../lib/rules/percentage-bases.ts';
import { sql } from '../../../lib/sql/sql.ts';
import { deliver, type RowOfTest } from './delivered-table.ts';
import { makePriced, stepsOf } from './priced.ts';

type TextRow = Readonly<Record<string, string | null>>;

/** A bill with everything that prices it. */
export interface BillOfTest {
  readonly settings: PartnerSettings;
  readonly customers: readonly CustomerTenant[];
  /** As stored: `stored(...)` makes them of the wire form. */
  readonly rules: readonly StoredRule[];
  /** Delivered rows with their owner by assignment (`x_Owner`) and an id each (`x_RowId`). */
  readonly rows: readonly RowOfTest[];
  readonly period: BillingPeriod;
  /** Puts the rows into the relation `delivered`; by default as they are given. */
  readonly deliver?: (database: Database, rows: readonly RowOfTest[]) => Promise<void>;
}

/** What became of the bill, all values as text. */
export interface PricedBill {
  /** Whose every delivered row is, after commitment policies: `x_RowId`, `x_Owner`. */
  readonly owners: readonly TextRow[];
  /** The customer ledgers: `CUSTOMER_CHARGES_COLUMNS`, then `x_Owner`. */
  readonly ledger: readonly TextRow[];
  /** `WATERFALL_COLUMNS`, then `x_Owner`. */
  readonly waterfall: readonly TextRow[];
  /** `{code, rule, otherRule, customer, rows}`; rules and customers by id. */
  readonly warnings: readonly TextRow[];
  /** `{customer, rule, currency, ChargeCategory, amount, ChargePeriodStart, ChargePeriodEnd}`. */
  readonly additions: readonly TextRow[];
}

/** Prices a small bill in DuckDB as a worker does, from delivered rows to ledgers: the seam that the oracle is held to. */
export async function priceBill(database: Database, bill: BillOfTest): Promise<PricedBill> {
  const { settings, customers, rules, rows } = bill;
  await (bill.deliver ?? deliver)(database, rows);
  const policies = commitmentPolicies(settings.commitments, customers);
  const form = { precedence: settings.precedence, hasPolicies: policies.size > 0 };
  const compiled = compileRules(rules, { precedence: settings.precedence, policies, runId: 'run_1' });
  await database.run(`CREATE OR REPLACE TABLE commitment_rows AS ${commitmentRowsSelect(policies, sql`delivered`)}`);
  await database.run(`CREATE OR REPLACE TABLE commitment_shares AS ${commitmentSharesSelect()}`);
  const steps = await stepsOf(database, compiled);
  await makePriced(database, compiled, steps);
  const ledger = customerLedger({ partnerName: settings.name, customers, rules, form });
  await database.run(`CREATE OR REPLACE TABLE ledger AS ${ledger}`);
  return {
    owners: await database.rows('SELECT "x_RowId", "x_Owner" FROM priced ORDER BY "x_RowId"'),
    ledger: await database.rows('SELECT * FROM ledger ORDER BY "x_RowId"'),
    waterfall: await database.rows('SELECT * FROM waterfall ORDER BY "x_RowId", "x_BillingRuleId"'),
    warnings:
      await database.rows(`SELECT "x_WarningCode" AS code, "x_BillingRuleId" AS rule, "x_OtherBillingRuleId" AS "otherRule", "x_Owner" AS customer, count(*) AS rows
FROM waterfall WHERE "x_WarningCode" IS NOT NULL GROUP BY ALL ORDER BY ALL`),
    additions: await additionsOf(database, bill),
  };
}

async function additionsOf(
  database: Database,
  { rules, customers, settings, rows, period }: BillOfTest,
): Promise<readonly TextRow[]> {
  const percentages = percentageRulesInOrder(rules);
  await database.run(
    'CREATE OR REPLACE VIEW charged AS SELECT *, "x_ChargedBilledCost" AS charged FROM priced WHERE NOT "x_Removed" AND "x_Owner" NOT IN (\'unassigned\', \'partner\')',
  );
  const bases = await database.rows(percentageBasesSelect(percentages));
  const currencies = [...new Set(rows.map(({ BillingCurrency }) => BillingCurrency ?? 'USD'))].sort();
  const { rows: added } = dueRows(
    { rules, customers, settings },
    { period, currencies, bases: bases.map((row) => percentageBase(percentages, row)) },
  );
  return added.map((row) => ({
    customer: row.customer.id,
    rule: row.stored.id,
    currency: row.currency,
    ChargeCategory: row.ChargeCategory,
    amount: row.amount,
    ChargePeriodStart: row.ChargePeriodStart,
    ChargePeriodEnd: row.ChargePeriodEnd,
  }));
}
