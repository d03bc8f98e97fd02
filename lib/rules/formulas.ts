import { CHARGED_MONEY, decimalLiteral, FACTOR } from '../sql/decimal-literal.ts';
import { identifiers } from '../sql/identifiers.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { type AmountColumn, type Amounts, amountsOf } from './amounts.ts';
import { deliveredColumn } from './delivered-columns.ts';
import { RATE, timesRate } from './rate-parts.ts';
import type { Formula } from './term.ts';
import { TERM } from './terms-relation.ts';

/** What a formula is in SQL. */
interface FormulaSql {
  /** Whether it charges the standard price: PricingCategory `Standard`, no commitment columns. */
  readonly isStandardPrice: boolean;
  /** Whether it sets the price anew, whatever earlier rules made of it. */
  readonly setsPrice: boolean;
  /** Whether it needs the list price, and so cannot compute where that is missing. */
  readonly needsListPrice: boolean;
  /**
   * New amounts of type DECIMAL(38,18) from DECIMAL(28,12): products with a DECIMAL(10,6), since a plain cast costs thirty
   * times as much.
   */
  readonly amounts: (before: Amounts<Sql>) => Amounts<Sql>;
}

const tier = identifiers(['x_TierCost', 'x_TierPrice']);

/** What the counters say of a row under a tiered rate: its cost over all its tiers, and the price of the first. */
export const TIER = { cost: tier('x_TierCost'), price: tier('x_TierPrice') } as const;

const UNCHANGED = (before: Amounts<Sql>) => amountsOf((column) => widened(before[column]));

/** Every formula (`pricing.md` §5 a). */
export const FORMULAS: { readonly [Name in Formula]: FormulaSql } = {
  to_list: {
    isStandardPrice: true,
    setsPrice: true,
    needsListPrice: true,
    amounts: (before) => ({
      ...UNCHANGED(before),
      ...threeCosts(() => sql`${before.ListCost} * ${TERM.factor}`),
      ContractedUnitPrice: sql`${before.ListUnitPrice} * ${TERM.factor}`,
    }),
  },
  scale: {
    isStandardPrice: false,
    setsPrice: false,
    needsListPrice: false,
    amounts: (before) => ({
      ...UNCHANGED(before),
      ...threeCosts((cost) => sql`${before[cost]} * ${TERM.factor}`),
      ContractedUnitPrice: sql`${before.ContractedUnitPrice} * ${TERM.factor}`,
    }),
  },
  add_list: {
    isStandardPrice: false,
    setsPrice: false,
    needsListPrice: true,
    amounts: (before) => ({
      ...UNCHANGED(before),
      ...threeCosts((cost) => sql`${widened(before[cost])} + ${before.ListCost} * ${TERM.factor}`),
      ContractedUnitPrice: sql`${widened(before.ContractedUnitPrice)} + ${before.ListUnitPrice} * ${TERM.factor}`,
    }),
  },
  scale_credit: {
    isStandardPrice: false,
    setsPrice: false,
    needsListPrice: false,
    amounts: (before) => ({
      ...UNCHANGED(before),
      ...threeCosts((cost) => sql`${before[cost]} * ${TERM.factor}`),
      ListCost: sql`${before.ListCost} * ${TERM.factor}`,
    }),
  },
  zero: {
    isStandardPrice: false,
    setsPrice: false,
    needsListPrice: false,
    amounts: (before) => ({
      ...amountsOf(() => ZERO),
      ContractedUnitPrice: sql`${before.ContractedUnitPrice} * ${TERM.factor}`,
      ListUnitPrice: sql`${before.ListUnitPrice} * ${TERM.factor}`,
    }),
  },
  rate: {
    isStandardPrice: false,
    setsPrice: true,
    needsListPrice: false,
    amounts: (before) => ({
      ...UNCHANGED(before),
      ...threeCosts(() => timesRate(deliveredColumn('PricingQuantity'))),
      ContractedUnitPrice: RATE,
    }),
  },
  tiers: {
    isStandardPrice: false,
    setsPrice: true,
    needsListPrice: false,
    amounts: (before) => ({
      ...UNCHANGED(before),
      ...threeCosts(() => TIER.cost),
      ContractedUnitPrice: TIER.price,
    }),
  },
};

const ZERO = decimalLiteral('0', CHARGED_MONEY);

/** An amount that stays: a product with 1 widens DECIMAL(28,12) to DECIMAL(38,18) without a cast. */
export function widened(amount: Sql): Sql {
  return sql`${amount} * ${decimalLiteral('1', FACTOR)}`;
}

/** The names of formulas of which something holds, as literals. */
export function formulasThat(
  used: ReadonlySet<Formula>,
  property: 'isStandardPrice' | 'setsPrice' | 'needsListPrice',
): readonly Sql[] {
  return [...used].filter((formula) => FORMULAS[formula][property]).map((formula) => sql`${formula}`);
}

function threeCosts(cost: (column: AmountColumn) => Sql) {
  return {
    BilledCost: cost('BilledCost'),
    EffectiveCost: cost('EffectiveCost'),
    ContractedCost: cost('ContractedCost'),
  };
}
