import type { StoredRule } from '../domain/stored-rule.ts';
import { FOCUS_COLUMNS, type FocusColumn } from '../focus/columns.ts';
import { identifiers } from '../sql/identifiers.ts';
import { join, sql } from '../sql/sql.ts';
import { rowRulesInOrder } from './compile-rules.ts';
import { issuedColumn } from './ledger/issued-columns.ts';
import { type LedgerColumn, ledgerColumns } from './ledger/ledger-columns.ts';
import { isPriceChanged } from './ledger/price-changed.ts';
import { splitRows } from './ledger/split-rows.ts';
import { pricedColumn as column, type PricedForm } from './priced-columns.ts';

const NAMES: readonly LedgerColumn[] = [...(Object.keys(FOCUS_COLUMNS) as FocusColumn[]), 'x_RowId', 'x_FilledColumns'];
const ledgerColumn = identifiers(NAMES);

/** The standard price is of the category Standard; tax has none (FOCUS 1.2, PricingCategory). */
const PRICING_CATEGORY = sql`CASE WHEN ${column('x_IsStandardPrice')} AND ${column('ChargeCategory')} IS DISTINCT FROM 'Tax' THEN 'Standard' ELSE ${column('PricingCategory')} END`;

/** Whose ledgers to write, and who issues them. */
export interface LedgerIssue {
  readonly partnerName: string;
  readonly customers: readonly { readonly id: string; readonly name: string }[];
  /** What `priced` was priced with. */
  readonly rules: readonly StoredRule[];
  readonly form: PricedForm;
}

/**
 * The SELECT over `priced` that makes the customer ledger: `CUSTOMER_CHARGES_COLUMNS` in order, then `x_Owner`, which
 * names the file. Rows that were backed out and rows of nobody's or the partner's own are not in it.
 */
export function customerLedger({ partnerName, customers, rules, form }: LedgerIssue): string {
  const columns = ledgerColumns(partnerName);
  const split = splitRows(rowRulesInOrder(rules), form);
  const source = split === undefined ? sql`priced` : sql`split_rows`;
  const named = [sql`('', '')`, ...customers.map(({ id, name }) => sql`(${id}, ${name})`)];
  return sql`WITH
${split === undefined ? sql`` : sql`${split},\n`}customers (x_CustomerId, ${issuedColumn('x_CustomerName')}) AS (VALUES ${join(named)}),
issued AS (SELECT ${source}.*, ${issuedColumn('x_CustomerName')},
    ${isPriceChanged()} AS ${issuedColumn('x_IsPriceChanged')},
    COALESCE(${column('ChargeCategory')} IN ('Usage', 'Purchase'), FALSE) AS ${issuedColumn('x_IsPriced')},
    ${PRICING_CATEGORY} AS ${issuedColumn('x_PricingCategory')}
  FROM ${source} JOIN customers ON ${column('x_Owner')} = x_CustomerId
  WHERE NOT ${column('x_Removed')})
SELECT ${join(
    NAMES.map((name) => sql`${columns[name]} AS ${ledgerColumn(name)}`),
    ',\n  ',
  )},
  ${column('x_Owner')}
FROM issued`.text;
}
