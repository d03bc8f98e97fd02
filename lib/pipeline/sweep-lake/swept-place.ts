/**
 * What an object of the lake belongs to, by its key (`lib/names/lake-keys.ts`). Keys of no such form (lists that readers
 * follow, a delivery's frozen list and registration, a run's figures) are never swept.
 */
export type SweptPlace =
  /** Files that one worker or pricing wrote, under the name of its own. */
  | { readonly of: 'attempt'; readonly uuid: string }
  /** What a run worked with; `split`: the attempt of SplitByShard it is a file of. */
  | { readonly of: 'run'; readonly runId: string; readonly split: string | undefined }
  /** What ConvertFiles made of a delivery; `text`: the worker whose Parquet it is. */
  | { readonly of: 'delivery'; readonly deliveryId: string; readonly text: string | undefined };

/** Where swept objects lie. */
export const SWEPT_ROOTS = [
  'results/',
  'partner/costs/',
  'partner/waterfall/',
  'additions/',
  'runs/',
  'deliveries/',
] as const;

const RESULT = /^(?:results|partner\/costs|partner\/waterfall)\/customer=[^/]+\/period=[^/]+\/([^/]+)\/[^/]+$/;
const ADDITIONS = /^additions\/[^/]+\/([^/]+)\/[^/]+$/;
/** All of a run but its figures, which the API shows as long as there is a record of it. */
const RUN = /^runs\/(run_[0-9a-f]{40})\/(?!summary\.json$)(?:split\/([^/]+)\/)?/;
const DELIVERY = /^deliveries\/(dlv_[0-9a-f]{40})\/(?:text\/([^/]+)\/|batches\/|answers\/)/;

/** The place of a key, or undefined for what stays. */
export function sweptPlaceOf(key: string): SweptPlace | undefined {
  const [, uuid] = RESULT.exec(key) ?? ADDITIONS.exec(key) ?? [];
  if (uuid !== undefined) return { of: 'attempt', uuid };
  const [, runId, split] = RUN.exec(key) ?? [];
  if (runId !== undefined) return { of: 'run', runId, split };
  const [, deliveryId, text] = DELIVERY.exec(key) ?? [];
  if (deliveryId !== undefined) return { of: 'delivery', deliveryId, text };
  return undefined;
}
