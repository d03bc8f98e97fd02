import { type Sql, sql } from '../../sql/sql.ts';
import { pricedColumn as column } from '../priced-columns.ts';

/** Ids of things that a commitment or a reservation is. */
type SharedId = 'CommitmentDiscountId' | 'CapacityReservationId';

/**
 * An id as the customer may see it: one that names the payer's account becomes an id of ours, the same again for the
 * same customer and the same id (`pricing.md` §8).
 */
export function reissuedId(id: Sql): Sql {
  return reissuedWhere(id, namesPayer(id));
}

/**
 * The same for the id of a commitment or capacity reservation, which may also belong to another sub account than the
 * row's: its ARN would name another customer's account.
 */
export function reissuedSharedId(id: SharedId): Sql {
  return reissuedWhere(column(id), isForeign(id));
}

/** A resource's id, which on a commitment's own rows is the commitment's (FOCUS 1.2, CommitmentDiscountId). */
export function reissuedResource(id: 'ResourceId' | 'ResourceName'): Sql {
  const isShared = (shared: SharedId) => sql`(${column(id)} = ${column(shared)} AND ${isForeign(shared)})`;
  const isHidden = sql`${namesPayer(column(id))} OR ${isShared('CommitmentDiscountId')} OR ${isShared('CapacityReservationId')}`;
  return reissuedWhere(column(id), isHidden);
}

/** Whether a text contains the account that the provider bills, whatever the case. */
export function namesPayer(text: Sql): Sql {
  const payer = column('BillingAccountId');
  return sql`(${payer} IS NOT NULL AND ${payer} <> '' AND strpos(lower(${text}), lower(${payer})) > 0)`;
}

function isForeign(id: SharedId): Sql {
  const owner = sql`COALESCE(split_part(${column(id)}, ':', 5), '')`;
  const isOthers = sql`${owner} <> '' AND (${column('SubAccountId')} IS NULL OR ${owner} <> ${column('SubAccountId')})`;
  return sql`(${namesPayer(column(id))} OR (starts_with(${column(id)}, 'arn:') AND ${isOthers}))`;
}

function reissuedWhere(id: Sql, isHidden: Sql): Sql {
  const ours = sql`'id-' || substr(text_sha256(${column('x_Owner')} || ':' || ${id}), 1, 32)`;
  return sql`CASE WHEN ${id} IS NOT NULL AND (${isHidden}) THEN ${ours} ELSE ${id} END`;
}
