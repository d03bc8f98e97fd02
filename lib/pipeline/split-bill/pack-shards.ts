import { PARTNER, UNASSIGNED } from '../../names/tables.ts';

/** UNLOAD writes at most 100 partitions (Athena); a run stays well below. */
const SHARDS_MOST = 64;

/** Rows of one owner under one delivered sub account, as far as MeasureBill can tell before the split. */
export interface OwnedRows {
  readonly owner: string;
  /** What the owner's rows may be parted by: one delivered sub account. */
  readonly subAccount: string;
  readonly rows: number;
}

/** The shard of every (owner, sub account). */
export interface PackedShards {
  readonly count: number;
  readonly shardOf: (owner: string, subAccount: string) => number;
}

interface Pack {
  readonly owner: string;
  readonly subAccounts: readonly string[];
  readonly rows: number;
}

/**
 * Packs owners into shards of even row counts: the largest first, each to the shard that has least. All rows of a
 * customer go to one shard, where its rules see them together; rows that no rule acts on (the partner's own and
 * unassigned ones) may be parted by sub account, so that a bill before any assignment still fits.
 */
export function packShards(owned: readonly OwnedRows[], rowsPerShard: number): PackedShards {
  const packs = packsOf(owned, rowsPerShard).sort((a, b) => b.rows - a.rows || (nameOf(a) < nameOf(b) ? -1 : 1));
  const total = packs.reduce((rows, pack) => rows + pack.rows, 0);
  const count = Math.min(SHARDS_MOST, packs.length, Math.ceil(total / rowsPerShard) || (packs.length > 0 ? 1 : 0));
  const load = new Array<number>(count).fill(0);
  const shards = new Map<string, number>();
  for (const pack of packs) {
    const shard = load.indexOf(Math.min(...load));
    load[shard] = (load[shard] ?? 0) + pack.rows;
    for (const subAccount of pack.subAccounts) shards.set(keyOf(pack.owner, subAccount), shard);
  }
  return { count, shardOf: (owner, subAccount) => shards.get(keyOf(owner, subAccount)) ?? 0 };
}

function packsOf(owned: readonly OwnedRows[], rowsPerShard: number): Pack[] {
  return [...Map.groupBy(owned, ({ owner }) => owner)].flatMap(([owner, parts]) => {
    if (owner !== PARTNER && owner !== UNASSIGNED) return [packOf(owner, parts)];
    const packs: OwnedRows[][] = [];
    let rows = Number.POSITIVE_INFINITY;
    for (const part of parts) {
      if (rows + part.rows > rowsPerShard) {
        packs.push([]);
        rows = 0;
      }
      packs.at(-1)?.push(part);
      rows += part.rows;
    }
    return packs.map((pack) => packOf(owner, pack));
  });
}

function packOf(owner: string, parts: readonly OwnedRows[]): Pack {
  return {
    owner,
    subAccounts: parts.map(({ subAccount }) => subAccount),
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function nameOf(pack: Pack): string {
  return keyOf(pack.owner, pack.subAccounts[0] ?? '');
}

function keyOf(owner: string, subAccount: string): string {
  return `${owner}\n${subAccount}`;
}
