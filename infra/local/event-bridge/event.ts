import { randomUUID } from 'node:crypto';

/** An event in the envelope that every EventBridge event has ("AWS service event metadata"). */
export interface BusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** ISO 8601 in UTC, to the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** Where events come from and when. */
export interface EventOrigin {
  readonly region: string;
  readonly accountId: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** An event with a fresh id. */
export function newEvent(
  content: Pick<BusEvent, 'source' | 'detail-type' | 'detail'> & { readonly resources?: readonly string[] },
  { region, accountId, now }: EventOrigin,
): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': content['detail-type'],
    source: content.source,
    account: accountId,
    time: `${new Date(now).toISOString().slice(0, 19)}Z`,
    region,
    resources: content.resources ?? [],
    detail: content.detail,
  };
}
