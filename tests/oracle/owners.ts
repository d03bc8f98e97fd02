import { type DeliveredRow, textOf } from './bill.ts';

/** A sub account's owner from the first day to the last, both included; every day where they are not given. */
export interface Assignment {
  readonly subAccountId: string;
  readonly provider?: string;
  /** A customer's id, or `partner`. */
  readonly owner: string;
  readonly from?: string;
  readonly to?: string;
}

/**
 * A row's owner, by its ChargePeriodStart alone: a customer, `partner` or `unassigned` (`pricing.md` §1). An assignment for
 * the row's own provider counts before one for any provider.
 */
export function ownerOf(row: DeliveredRow, assignments: readonly Assignment[]): string {
  const id = textOf(row, 'SubAccountId');
  if (id === null) return 'unassigned';
  const day = (row.ChargePeriodStart ?? '').slice(0, 10);
  const found = assignments.filter(
    ({ subAccountId, from = day, to = day }) => lower(subAccountId) === lower(id) && from <= day && day <= to,
  );
  const own = found.find(({ provider }) => provider !== undefined && provider === textOf(row, 'ProviderName'));
  return (own ?? found.find(({ provider }) => provider === undefined))?.owner ?? 'unassigned';
}

function lower(id: string): string {
  return id.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}
