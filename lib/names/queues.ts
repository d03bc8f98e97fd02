import type { FunctionName } from './functions.ts';

/** Every queue, its consumer, and how often a message is received before it goes to the queue's DLQ. */
export const QUEUES = {
  /** Object-created events of the landing bucket, and asks for SplitBill. */
  intake: { consumer: 'start-run', maxReceiveCount: 5 },
  /** Tasks of ConvertFiles. */
  convert: { consumer: 'convert-files', maxReceiveCount: 3 },
  /** Tasks of PriceShards. */
  price: { consumer: 'price-shard', maxReceiveCount: 3 },
  /** Asks for PriceAdditions. */
  additions: { consumer: 'price-additions', maxReceiveCount: 5 },
  /** Asks for the published lists of a period to be brought to its pointer. */
  lists: { consumer: 'write-lists', maxReceiveCount: 5 },
  /** Previews of many rows. */
  previews: { consumer: 'preview-job', maxReceiveCount: 3 },
} as const satisfies Record<string, { consumer: FunctionName; maxReceiveCount: number }>;
