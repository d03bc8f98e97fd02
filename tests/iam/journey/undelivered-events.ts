import { newEvent } from '../../../infra/local/event-bridge/event.ts';
import { OUTPUTS } from '../../../lib/names/outputs.ts';
import type { Product } from '../../journeys/open-product.ts';
import { grantsOf, withoutGrant } from '../grants.ts';
import { outputOf } from './administrator.ts';

/**
 * Every rule loses its target: EventBridge may neither send to the intake queue nor call CloseRun or SweepLake, and each event becomes
 * a dead letter.
 */
export async function loseEvents(product: Product): Promise<void> {
  const { rights, stack, eventBridge, region } = product.machine;
  const targets = grantsOf(stack).filter(
    ({ holder, action }) =>
      (holder.startsWith('PipelineIntakeQueuePolicy') && action === 'sqs:SendMessage') ||
      holder.includes('AllowEventRule'),
  );
  rights.use(targets.reduce(withoutGrant, stack));
  try {
    const origin = { region, accountId: '111122223333', now: Date.now() };
    const bucket = { name: outputOf(product, OUTPUTS.landingBucketName) };
    const object = { key: 'nobody/reads-this.txt', 'version-id': '1', etag: '', size: 0 };
    const detail = { bucket, object };
    await eventBridge.put(newEvent({ source: 'aws.s3', 'detail-type': 'Object Created', detail }, origin));
    const stateMachineArn = outputOf(product, OUTPUTS.splitBillArn);
    for (const status of ['SUCCEEDED', 'FAILED'])
      await eventBridge.put(
        newEvent(
          {
            source: 'aws.states',
            'detail-type': 'Step Functions Execution Status Change',
            detail: { name: 'nobody', status, stateMachineArn },
          },
          origin,
        ),
      );
    for (const rule of ['PipelineSweep', 'PipelineHourlySweep'])
      await eventBridge.fireSchedule(product.machine.resource('AWS::Events::Rule', rule).name);
  } finally {
    rights.use(stack);
  }
}
