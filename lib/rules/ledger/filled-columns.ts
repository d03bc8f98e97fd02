import { DELIVERED_MONEY, decimalLiteral } from '../../sql/decimal-literal.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { chargedColumn, pricedColumn as column } from '../priced-columns.ts';
import { issuedColumn } from './issued-columns.ts';

const UNKNOWN_SKU = 'urn:msp:sku:unknown';

/** Columns that FOCUS wants on every Usage and Purchase row and that providers leave null. Costs are never filled. */
const FILLABLE = [
  'SkuId',
  'SkuPriceId',
  'PricingQuantity',
  'PricingUnit',
  'PricingCategory',
  'ListUnitPrice',
  'ContractedUnitPrice',
] as const;
type Fillable = (typeof FILLABLE)[number];

/** What a row has before filling, and what stands in where that is null (`normalisation.md` §3.7). */
const FILLS: { readonly [Column in Fillable]: { readonly from: Sql; readonly fill: Sql } } = {
  SkuId: { from: column('SkuId'), fill: sql`${UNKNOWN_SKU}` },
  /** One SkuPriceId has one SkuId (FOCUS 1.2, SkuPriceId). */
  SkuPriceId: {
    from: column('SkuPriceId'),
    fill: sql`COALESCE(${`${UNKNOWN_SKU}:`} || ${column('SkuId')}, ${UNKNOWN_SKU})`,
  },
  /** One unit at the price of the whole row; the sign of a refund is in the quantity, never in a price. */
  PricingQuantity: {
    from: column('PricingQuantity'),
    fill: sql`CASE WHEN ${chargedColumn('ContractedCost')} < 0 THEN ${one('-1')} ELSE ${one('1')} END`,
  },
  PricingUnit: { from: column('PricingUnit'), fill: sql`'Units'` },
  PricingCategory: { from: issuedColumn('x_PricingCategory'), fill: sql`'Other'` },
  ListUnitPrice: {
    from: chargedColumn('ListUnitPrice'),
    fill: sql`CASE WHEN ${column('PricingQuantity')} IS NULL THEN ${ofOneUnit(chargedColumn('ListCost'))} ELSE ${chargedColumn('ContractedUnitPrice')} END`,
  },
  ContractedUnitPrice: {
    from: chargedColumn('ContractedUnitPrice'),
    fill: sql`CASE WHEN ${column('PricingQuantity')} IS NULL THEN ${ofOneUnit(chargedColumn('ContractedCost'))} WHEN ${chargedColumn('ContractedCost')} = ${chargedColumn('ListCost')} THEN ${chargedColumn('ListUnitPrice')} END`,
  },
};

/** A column of the ledger, filled where a Usage or Purchase row lacks it. */
export function filled(name: Fillable): Sql {
  const { from, fill } = FILLS[name];
  return sql`CASE WHEN ${issuedColumn('x_IsPriced')} AND ${from} IS NULL THEN ${fill} ELSE ${from} END`;
}

/** Names of the columns that were filled, with commas between; null where none was. */
export function filledNames(): Sql {
  const names = FILLABLE.map((name) => {
    const { from, fill } = FILLS[name];
    return sql`CASE WHEN ${from} IS NULL AND ${fill} IS NOT NULL THEN ${`,${name}`} ELSE '' END`;
  });
  return sql`CASE WHEN ${issuedColumn('x_IsPriced')} THEN nullif(substr(${join(names, ' || ')}, 2), '') END`;
}

function one(sign: string): Sql {
  return decimalLiteral(sign, DELIVERED_MONEY);
}

/** The unit price of a row whose quantity was filled with one unit of the contracted cost's sign. */
function ofOneUnit(cost: Sql): Sql {
  return sql`CASE WHEN ${chargedColumn('ContractedCost')} < 0 THEN -${cost} ELSE ${cost} END`;
}
