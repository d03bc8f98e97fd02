import { z } from 'zod';
import type { BillingPeriod } from '../../domain/billing-period.ts';
import { boundsOf } from '../../domain/billing-period.ts';
import { UNASSIGNED } from '../../names/tables.ts';
import type { ControlTotals } from './control-totals.ts';
import { type OwnedRows, type PackedShards, packShards } from './pack-shards.ts';
import type { DeliveredSubAccount, OwnedDays, OwnerResolver } from './resolve-owners.ts';

/** One line of the table `owners`: a delivered sub account's owner in a half-open range of ChargePeriodStart. */
export const OwnerLine = z.object({
  sub_account_id: z.string(),
  /** '' where the rows name no provider. */
  provider_name: z.string(),
  valid_from: z.string(),
  valid_to: z.string(),
  owner: z.string(),
  shard: z.int().nonnegative(),
});
export type OwnerLine = z.infer<typeof OwnerLine>;

/** Owners with their lines and shards; rows without a sub account go to `unassignedShard`. */
export interface PlannedOwners {
  readonly lines: readonly OwnerLine[];
  readonly packed: PackedShards;
  readonly owned: readonly OwnedRows[];
  readonly unassignedShard: number;
}

/** Rows without a sub account, as a sub account's name: none is empty. */
const NO_SUB_ACCOUNT = '';
const FIRST_MOMENT = '0001-01-01 00:00:00.000';
const LAST_MOMENT = '9999-12-31 00:00:00.000';

/** Says for every delivered sub account who owns it when, and packs the owners into shards by their rows. */
export function planOwners(
  totals: ControlTotals,
  resolve: OwnerResolver,
  { period, rowsPerShard }: { period: BillingPeriod; rowsPerShard: number },
): PlannedOwners {
  const rowsOf = new Map<string, { subAccount: DeliveredSubAccount | undefined; rows: number }>();
  for (const { SubAccountId, ProviderName, rows } of totals) {
    const subAccount = SubAccountId === null ? undefined : { SubAccountId, ProviderName };
    const name = nameOf(subAccount);
    rowsOf.set(name, { subAccount, rows: (rowsOf.get(name)?.rows ?? 0) + rows });
  }
  const delivered = [...rowsOf.values()].map(({ subAccount, rows }) => ({
    subAccount,
    rows,
    owners: subAccount === undefined ? [{ owner: UNASSIGNED, from: null, to: null } as const] : resolve(subAccount),
  }));
  const owned = delivered.flatMap(({ subAccount, rows, owners }) =>
    ownedRows(nameOf(subAccount), rows, owners, period),
  );
  const packed = packShards(owned, rowsPerShard);
  const lines = delivered.flatMap(({ subAccount, owners }) =>
    subAccount === undefined ? [] : owners.map((owner) => lineOf(subAccount, owner, packed)),
  );
  return { lines, packed, owned, unassignedShard: packed.shardOf(UNASSIGNED, NO_SUB_ACCOUNT) };
}

function lineOf(subAccount: DeliveredSubAccount, { owner, from, to }: OwnedDays, packed: PackedShards): OwnerLine {
  return {
    sub_account_id: subAccount.SubAccountId,
    provider_name: subAccount.ProviderName ?? '',
    ...momentsOf({ from, to }),
    owner,
    shard: packed.shardOf(owner, nameOf(subAccount)),
  };
}

/** The half-open range of ChargePeriodStart, as SQL reads a timestamp, of those days. */
export function momentsOf({ from, to }: Pick<OwnedDays, 'from' | 'to'>): Pick<OwnerLine, 'valid_from' | 'valid_to'> {
  return {
    valid_from: from === null ? FIRST_MOMENT : `${from} 00:00:00.000`,
    valid_to: to === null ? LAST_MOMENT : `${to} 00:00:00.000`,
  };
}

/** The rows of each owner of a sub account, estimated by days: only the split itself knows them. */
function ownedRows(subAccount: string, rows: number, owners: readonly OwnedDays[], period: BillingPeriod): OwnedRows[] {
  const { start, end } = boundsOf(period);
  const length = Date.parse(end) - Date.parse(start);
  const estimated = owners.map(({ owner, from, to }) => {
    const first = Math.max(Date.parse(start), from === null ? Number.NEGATIVE_INFINITY : Date.parse(from));
    const last = Math.min(Date.parse(end), to === null ? Number.POSITIVE_INFINITY : Date.parse(to));
    return { owner, rows: Math.ceil((rows * Math.max(0, last - first)) / length) };
  });
  return [...Map.groupBy(estimated, ({ owner }) => owner)].map(([owner, parts]) => ({
    owner,
    subAccount,
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
  }));
}

/** JSON keeps an id and a provider apart whatever they contain. */
function nameOf(subAccount: DeliveredSubAccount | undefined): string {
  return subAccount === undefined ? NO_SUB_ACCOUNT : JSON.stringify([subAccount.SubAccountId, subAccount.ProviderName]);
}
