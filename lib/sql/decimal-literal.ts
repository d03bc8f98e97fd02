import { type Sql, sql } from './sql.ts';

/** Precision and scale of a SQL DECIMAL. */
export interface DecimalType {
  readonly precision: number;
  readonly scale: number;
}

/** Delivered money, prices and quantities (`pricing.md` §2). */
export const DELIVERED_MONEY: DecimalType = { precision: 28, scale: 12 };
/** A rule's factor. */
export const FACTOR: DecimalType = { precision: 10, scale: 6 };
/** Product of the two, the type of every amount in the result tables. */
export const CHARGED_MONEY: DecimalType = { precision: 38, scale: 18 };

/**
 * An exact decimal as both engines read it: `CAST('1.05' AS DECIMAL(10,6))`. `DECIMAL '1.0575'` is 1.058 in DuckDB.
 * Throws where the text has more digits than the type, instead of letting an engine round.
 */
export function decimalLiteral(text: string, { precision, scale }: DecimalType): Sql {
  const [, whole, decimals = ''] = /^-?(?=\d)0*(\d*)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || whole.length > precision - scale || decimals.length > scale)
    throw new Error(`${JSON.stringify(text)} is not a DECIMAL(${precision},${scale})`);
  return sql`CAST(${text} AS DECIMAL(${precision},${scale}))`;
}

/** A null of that type, for a CASE whose branches must all be of one type. */
export function nullDecimal({ precision, scale }: DecimalType): Sql {
  return sql`CAST(NULL AS DECIMAL(${precision},${scale}))`;
}
