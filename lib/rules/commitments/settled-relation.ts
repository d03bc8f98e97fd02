import { ExactDecimal } from '../../domain/exact-decimal.ts';
import { caseWhen } from '../../sql/case-when.ts';
import { DELIVERED_MONEY, decimalLiteral, FACTOR } from '../../sql/decimal-literal.ts';
import { identifiers } from '../../sql/identifiers.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import { deliveredColumn as column, DELIVERED_COLUMNS } from '../delivered-columns.ts';
import { pricedColumn } from '../priced-columns.ts';
import { hundredth } from '../term.ts';
import type { ActingPolicy, CommitmentPolicies } from './commitment-policies.ts';

const own = identifiers([
  'x_PolicyOwner',
  'x_Policy',
  'x_PolicyKept',
  'x_PolicyGiven',
  'x_IsUsed',
  'x_IsRepriced',
  'x_Effective',
  'x_OnDemand',
  'x_OnDemandPrice',
]);
const NOTHING = decimalLiteral('0', DELIVERED_MONEY);

/** A commitment's purchase or its unused part: the partner's under every policy that acts. */
export const IS_COMMITMENT_ITSELF = sql`((COALESCE(${column('ChargeCategory')} = 'Purchase', FALSE) AND ${column('CommitmentDiscountId')} IS NOT NULL) OR COALESCE(${column('CommitmentDiscountStatus')} = 'Unused', FALSE))`;

/** The owner of a delivered row after policies, where `x_Owner` says who has its sub account. */
export function ownerAfterPolicies(policies: CommitmentPolicies): Sql {
  if (policies.size === 0) return column('x_Owner');
  const owners = [...policies.keys()].map((owner) => sql`${owner}`);
  return sql`CASE WHEN ${column('x_Owner')} IN (${owners}) AND ${IS_COMMITMENT_ITSELF} THEN 'partner' ELSE ${column('x_Owner')} END`;
}

/** A row on which a commitment was used. */
export const IS_USED = sql`(COALESCE(${column('CommitmentDiscountStatus')} = 'Used', FALSE) AND NOT ${IS_COMMITMENT_ITSELF})`;
/** The on-demand amount is the contracted one, else that at list price; both 0 is a price of 0. */
const TAKES_LIST = sql`(${column('ContractedCost')} IS NULL OR ${column('ContractedCost')} = 0)`;

/** What a customer pays for a used row under a policy, in columns of `policed`, DECIMAL(28,12). */
const PAID: { readonly [Policy in ActingPolicy['policy']]: Sql } = {
  retain: own('x_OnDemand'),
  share: sql`CAST(${own('x_OnDemand')} * ${own('x_PolicyKept')} + ${own('x_Effective')} * ${own('x_PolicyGiven')} AS DECIMAL(28,12))`,
  allocate: sql`CAST(${own('x_Effective')} + COALESCE(x_Share, ${NOTHING}) AS DECIMAL(28,12))`,
};

/**
 * The relations that apply commitment policies (`pricing.md` §7): `settled` is `delivered` with the owner after policies,
 * the original amounts beside the delivered ones, and what became of the row. What a policy leaves is rounded to 12
 * decimals. Where anybody is under `allocate`, the relation `commitment_shares` has to be there.
 */
export function settledRelations(policies: CommitmentPolicies): Sql {
  const delivered = DELIVERED_COLUMNS.filter((name) => name !== 'x_Owner').map((name) => sql`policed.${column(name)}`);
  const used = new Set([...policies.values()].map(({ policy }) => policy));
  const shares = used.has('allocate')
    ? sql`
  LEFT JOIN commitment_shares ON x_ShareRow = ${column('x_RowId')}`
    : sql``;
  const [cost, price] = [own('x_OnDemand'), own('x_OnDemandPrice')];
  const repriced = (amount: Sql, delivered: Sql) =>
    sql`CASE WHEN ${own('x_IsRepriced')} THEN ${amount} ELSE ${delivered} END`;
  const paid = (delivered: Sql) =>
    caseWhen(
      [...used].map((policy) => ({
        when: sql`${own('x_IsRepriced')} AND ${own('x_Policy')} = ${policy}`,
        value: PAID[policy],
      })),
      delivered,
    );
  return sql`policies (${own('x_PolicyOwner')}, ${own('x_Policy')}, ${own('x_PolicyKept')}, ${own('x_PolicyGiven')}) AS (VALUES
    ${join([sql`('', '', ${factor('0')}, ${factor('0')})`, ...[...policies].map(policyRow)], ',\n    ')}),
policed AS (SELECT delivered.*, ${own('x_Policy')}, ${own('x_PolicyKept')}, ${own('x_PolicyGiven')},
    ${own('x_Policy')} IS NOT NULL AND ${IS_USED} AS ${own('x_IsUsed')},
    ${own('x_Policy')} IS NOT NULL AND ${IS_USED} AND NOT (${TAKES_LIST} AND ${column('ListCost')} IS NULL) AS ${own('x_IsRepriced')},
    COALESCE(${column('EffectiveCost')}, ${NOTHING}) AS ${own('x_Effective')},
    CASE WHEN ${TAKES_LIST} THEN ${column('ListCost')} ELSE ${column('ContractedCost')} END AS ${cost},
    CASE WHEN ${TAKES_LIST} THEN ${column('ListUnitPrice')} ELSE ${column('ContractedUnitPrice')} END AS ${price}
  FROM delivered LEFT JOIN policies ON delivered.${column('x_Owner')} = ${own('x_PolicyOwner')}),
settled AS (SELECT ${delivered}, ${ownerAfterPolicies(policies)} AS ${column('x_Owner')},
    ${paid(column('BilledCost'))} AS ${pricedColumn('x_SettledBilledCost')},
    ${paid(column('EffectiveCost'))} AS ${pricedColumn('x_SettledEffectiveCost')},
    ${repriced(cost, column('ContractedCost'))} AS ${pricedColumn('x_SettledContractedCost')},
    ${repriced(price, column('ContractedUnitPrice'))} AS ${pricedColumn('x_SettledContractedUnitPrice')},
    CASE WHEN ${own('x_IsRepriced')} THEN 'repriced' WHEN ${own('x_IsUsed')} THEN 'on_demand_price_missing' END AS ${pricedColumn('x_Settlement')}
  FROM policed${shares})`;
}

/** Whether the row's customer is under a policy that hides commitments, over `priced` or `settled`. */
export function hidesCommitment(policies: CommitmentPolicies): Sql {
  if (policies.size === 0) return sql`FALSE`;
  return sql`${column('x_Owner')} IN (${[...policies.keys()].map((owner) => sql`${owner}`)})`;
}

function policyRow([owner, policy]: readonly [string, ActingPolicy]): Sql {
  const given = policy.policy === 'share' ? hundredth(policy.percent) : new ExactDecimal(0);
  return sql`(${owner}, ${policy.policy}, ${factor(new ExactDecimal(1).minus(given).toFixed())}, ${factor(given.toFixed())})`;
}

function factor(text: string): Sql {
  return decimalLiteral(text, FACTOR);
}
