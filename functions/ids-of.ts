/** Fields of events, messages and answers that may stand in a log: ids and counts, never contents, never tokens. */
const LOGGED = [
  'deliveryId',
  'runId',
  'integrationId',
  'period',
  'batch',
  'shard',
  'outcome',
  'id',
  'batchCount',
  'rows',
  'objectsSeen',
  'objectsDeleted',
  'bytesDeleted',
];

/** What of `value` may be logged. */
export function idsOf(value: unknown): Readonly<Record<string, string | number>> {
  if (typeof value === 'string') return { outcome: value };
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (field): field is [string, string | number] =>
        LOGGED.includes(field[0]) && (typeof field[1] === 'string' || typeof field[1] === 'number'),
    ),
  );
}
