import { decimalLiteral, FACTOR } from '../../sql/decimal-literal.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { AMOUNT_COLUMNS } from '../amounts.ts';
import { chargedColumn, pricedColumn as column } from '../priced-columns.ts';

/** Whether any amount that is charged differs from the delivered one, as SQL over `priced`; never null. */
export function isPriceChanged(): Sql {
  const differences = AMOUNT_COLUMNS.map(
    (amount) => sql`${chargedColumn(amount)} IS DISTINCT FROM ${column(amount)} * ${decimalLiteral('1', FACTOR)}`,
  );
  return sql`(${join(differences, ' OR ')})`;
}
