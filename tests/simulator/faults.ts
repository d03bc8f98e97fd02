import type { FunctionName } from '../../lib/names/functions.ts';

/** The queues that the pipeline works with. */
export type QueueLabel = 'intake' | 'convert' | 'price' | 'additions' | 'lists';

/** Services that a function calls; the names that their faults are counted under. */
export type Service = 'dynamodb' | 's3' | 'athena' | 'sqs' | 'step functions';

/** A call of a function to the outside, or its n-th write: where a fault strikes. All numbers count from 0. */
interface Place {
  readonly in: FunctionName;
  /** Which invocation of the function in the whole sequence. */
  readonly invocation: number;
  /** Which of its calls; for crashes only writes count. */
  readonly call: number;
}

/** What can go wrong in a sequence. The list is closed: a new kind does not compile until the world knows how to do it. */
export type Fault =
  /** The function dies at a write: before it, after it, or with the write under way, which lands later. */
  | ({ readonly kind: 'crash'; readonly when: 'before' | 'after' | 'later'; readonly seconds: number } & Place)
  /** A call of one service is refused, fails, or is done but its answer is lost; only calls of that service count. */
  | ({
      readonly kind: 'call';
      readonly service: Service;
      readonly how: 'throttled' | 'failed' | 'answer_lost';
    } & Place)
  /** The function stands still at a call, and then goes on if it still lives. */
  | ({ readonly kind: 'pause'; readonly seconds: number } & Place)
  /** A worker throws, or never comes back, or its answer arrives late, or twice. */
  | {
      readonly kind: 'worker';
      readonly how: 'throws' | 'hangs' | 'answers_late' | 'answers_twice';
      readonly in: 'convert-files' | 'price-shard';
      readonly invocation: number;
    }
  /** A message, counted per queue. A second copy comes `seconds` later. */
  | {
      readonly kind: 'message';
      readonly queue: QueueLabel;
      readonly how: 'lost' | 'duplicated' | 'delayed';
      readonly message: number;
      readonly seconds: number;
    }
  /** The event of an object that has landed, counted over both integrations. */
  | {
      readonly kind: 'object_event';
      readonly how: 'lost' | 'duplicated' | 'delayed';
      readonly event: number;
      readonly seconds: number;
    }
  /** The event that an execution has ended. */
  | { readonly kind: 'end_event'; readonly how: 'lost' | 'delayed'; readonly event: number; readonly seconds: number }
  /** A statement of SplitBill. */
  | {
      readonly kind: 'query';
      readonly how: 'throttled' | 'failed' | 'failed_after_writing' | 'slow';
      readonly query: number;
      readonly seconds: number;
    }
  /** Lambda or SQS refuses a call of a state machine. */
  | { readonly kind: 'task'; readonly of: 'lambda' | 'sqs'; readonly task: number }
  /** An operator stops an execution of SplitBill; its functions go on. */
  | { readonly kind: 'abort'; readonly execution: number; readonly seconds: number }
  /** A delivered file is written over or goes away after it was announced. */
  | {
      readonly kind: 'landing';
      readonly how: 'changed' | 'removed';
      readonly delivery: number;
      readonly seconds: number;
    }
  /** A result file lies in the store otherwise than its worker wrote it. */
  | { readonly kind: 'result_altered'; readonly upload: number };

/** What a report counts: the kinds of fault, and what the sequence itself does. Each has to occur. */
export const FAULT_CLASSES = [
  'same event five times',
  'two deliveries at once',
  'older delivery after a newer',
  'rules edited during a run',
  'assignments edited during a run',
  'settings edited during a run',
  'rules reordered during a run',
  'rule deleted during a run',
  'rollback asked during a run',
  'two edits at once',
  'rolled back and pinned',
  'pin taken away',
  'run redriven',
  'delivery released',
  'lake swept',
  'crash before a write',
  'crash after a write',
  'write lands after the crash',
  'dynamodb throttled',
  'dynamodb failed',
  'dynamodb answer lost',
  's3 throttled',
  's3 failed',
  's3 answer lost',
  'athena throttled',
  'athena failed',
  'athena failed after writing',
  'athena slow',
  'sqs throttled',
  'sqs failed',
  'sqs answer lost',
  'step functions throttled',
  'step functions failed',
  'step functions answer lost',
  'lambda throttled',
  'function paused',
  'function timed out',
  'worker throws',
  'worker hangs',
  'worker answers late',
  'worker answers twice',
  'two workers on one shard',
  'message lost',
  'message duplicated',
  'message delayed',
  'object event lost',
  'object event duplicated',
  'object event delayed',
  'end event lost',
  'end event delayed',
  'execution aborted',
  'lease expired in mid-step',
  'delivered file changed',
  'delivered file removed',
  'result file altered',
] as const;
export type FaultClass = (typeof FAULT_CLASSES)[number];
