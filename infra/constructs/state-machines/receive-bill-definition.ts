import {
  BATCH_STEP,
  CLOSE_STEP,
  type RECEIVE_BILL_CHOICES,
  type RECEIVE_BILL_ENDS,
  type ReceiveBillStep,
} from '../../../lib/names/steps.ts';
import { CATCH_ALL, type Definition, jsonata, lambdaState, workerState } from './asl.ts';
import { closeState, failState, whichEnd } from './ends.ts';
import { LAMBDA_TROUBLE, QUEUE_TROUBLE, TRY_AGAIN, WORKER_LOST } from './retries.ts';

/** What ReceiveBill works with: ARNs, and the time-outs of the functions behind them. */
export interface ReceiveBillParts {
  readonly readManifestArn: string;
  readonly registerDeliveryArn: string;
  readonly closeRunArn: string;
  readonly convertQueueUrl: string;
  readonly maximumConcurrency: number;
  readonly stepTimeoutSeconds: number;
}

/** Every state of ReceiveBill. */
export type ReceiveBillState =
  | ReceiveBillStep
  | (typeof RECEIVE_BILL_CHOICES)[number]
  | typeof CLOSE_STEP
  | (typeof RECEIVE_BILL_ENDS)[number];

/** Six hours: a manifest's grace, then 200 batches at two at a time and a minute each, and as much again. */
const TIMEOUT_SECONDS = 6 * 3600;

const delivery = (field: string) => jsonata(`$states.context.Execution.Input.${field}`);

/** ReceiveBill: one delivery, read, converted and registered. */
export function receiveBillDefinition(parts: ReceiveBillParts): Definition<ReceiveBillState> {
  const step = { timeoutSeconds: parts.stepTimeoutSeconds, retry: [LAMBDA_TROUBLE, TRY_AGAIN] };
  return {
    Comment: 'Receives one delivery of a bill: read, convert, register.',
    QueryLanguage: 'JSONata',
    StartAt: 'ReadManifest',
    TimeoutSeconds: TIMEOUT_SECONDS,
    States: {
      ReadManifest: lambdaState({
        ...step,
        functionArn: parts.readManifestArn,
        payload: jsonata('$states.context.Execution.Input'),
        next: 'IsManifestComplete',
      }),
      IsManifestComplete: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata('$states.input.outcome = "ready"'), Next: 'ConvertFiles' },
          { Condition: jsonata('$states.input.outcome = "waiting"'), Next: 'AwaitFiles' },
        ],
        Default: 'Ignored',
      },
      AwaitFiles: { Type: 'Wait', Seconds: jsonata('$states.input.waitSeconds'), Next: 'ReadManifest' },
      ConvertFiles: {
        Type: 'Map',
        Items: jsonata('$states.input.batches'),
        ItemSelector: { batch: jsonata('$states.context.Map.Item.Value') },
        MaxConcurrency: parts.maximumConcurrency,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: BATCH_STEP,
          States: {
            [BATCH_STEP]: workerState({
              queueUrl: parts.convertQueueUrl,
              message: { deliveryId: delivery('deliveryId'), batch: jsonata('$states.input.batch') },
              retry: [TRY_AGAIN, WORKER_LOST, QUEUE_TROUBLE],
            }),
          },
        },
        Catch: CATCH_ALL,
        Output: { answers: jsonata('$states.result') },
        Next: 'RegisterDelivery',
      },
      RegisterDelivery: lambdaState({
        ...step,
        functionArn: parts.registerDeliveryArn,
        payload: { deliveryId: delivery('deliveryId'), answers: jsonata('$states.input.answers') },
        next: 'IsDeliveryNew',
      }),
      IsDeliveryNew: {
        Type: 'Choice',
        Choices: [
          {
            Condition: jsonata('$exists($states.input.outcome) and $states.input.outcome = "ignored"'),
            Next: 'Ignored',
          },
        ],
        Default: 'Registered',
      },
      Registered: { Type: 'Succeed' },
      Ignored: { Type: 'Succeed' },
      [CLOSE_STEP]: closeState(
        parts.closeRunArn,
        { kind: 'delivery', deliveryId: delivery('deliveryId') },
        parts.stepTimeoutSeconds,
      ),
      WhichEnd: whichEnd(['Quarantined']),
      Quarantined: failState('Quarantined'),
      Failed: failState('Failed'),
    },
  };
}
