import { ExactDecimal } from '../domain/exact-decimal.ts';
import { CHARGED_MONEY, type DecimalType, decimalLiteral, FACTOR } from '../sql/decimal-literal.ts';
import { identifiers } from '../sql/identifiers.ts';
import { type Sql, sql } from '../sql/sql.ts';

const WHOLE: DecimalType = { precision: 10, scale: 0 };
const TAIL: DecimalType = { precision: 10, scale: 10 };
/** What DECIMAL(10,6) has room for before its point. */
const SIX_BELOW = 10_000;

const column = identifiers(['x_Rate', 'x_RateWhole', 'x_RateSix', 'x_RateTail']);

/** Columns of a relation that holds unit rates: the rate itself, and the three parts that it is multiplied by. */
export const RATE_COLUMNS: readonly Sql[] = [
  column('x_Rate'),
  column('x_RateWhole'),
  column('x_RateSix'),
  column('x_RateTail'),
];

/** The rate as DECIMAL(38,18). */
export const RATE = column('x_Rate');

/**
 * A rate of ten digits, the point anywhere, as literals in the order of `RATE_COLUMNS`. No one DECIMAL of ten digits
 * holds them all, and a wider one times a quantity of 28 digits would have more than the 38 that both engines have.
 */
export function rateLiterals(rate: ExactDecimal): readonly Sql[] {
  const whole = rate.lt(SIX_BELOW) ? new ExactDecimal(0) : rate.floor();
  const six = rate.minus(whole).toDecimalPlaces(6, ExactDecimal.ROUND_DOWN);
  const tail = rate.minus(whole).minus(six);
  return [
    decimalLiteral(rate.toFixed(), CHARGED_MONEY),
    decimalLiteral(whole.toFixed(), WHOLE),
    decimalLiteral(six.toFixed(), FACTOR),
    decimalLiteral(tail.toFixed(), TAIL),
  ];
}

/**
 * Rate times a DECIMAL(28,12) as DECIMAL(38,18), rounded once: the parts have one sign, and only the last one's product
 * has more than 18 decimals.
 */
export function timesRate(quantity: Sql): Sql {
  return sql`(CAST(${quantity} * ${column('x_RateWhole')} AS DECIMAL(38,18)) + ${quantity} * ${column('x_RateSix')} + CAST(${quantity} * ${column('x_RateTail')} AS DECIMAL(38,18)))`;
}
