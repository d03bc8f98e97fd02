import { z } from 'zod';
import type { EventSourceMapping } from '../lambda/event-source-mapping.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { Flag, Numeric, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** Pollers that Lambda starts a mapping with when it has no maximum ("Scaling and concurrency with SQS"). */
const DEFAULT_CONCURRENCY = 5;

const MappingProperties = z.strictObject({
  BatchSize: Numeric.default(10),
  Enabled: Flag.default(true),
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: Numeric.default(0),
  ScalingConfig: z.object({ MaximumConcurrency: Numeric.min(2).max(1000).optional() }).default({}),
  Tags: z.unknown().optional(),
});

/**
 * Every enabled AWS::Lambda::EventSourceMapping of a stack.
 *
 * @throws {TemplateError} for a source that is no queue of the stack, and for a property that is not played here.
 */
export function mappingsOfStack(stack: Stack): readonly EventSourceMapping[] {
  const queues = resourcesOfType(stack, 'AWS::SQS::Queue');
  return resourcesOfType(stack, 'AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const properties = readProperties(MappingProperties, resource);
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    if (queue === undefined)
      throw new TemplateError(resource.logicalId, `${properties.EventSourceArn} is no queue of this stack`);
    if (!properties.Enabled) return [];
    return [
      {
        queueUrl: queue.ref,
        queueArn: properties.EventSourceArn,
        functionName: properties.FunctionName,
        batchSize: properties.BatchSize,
        batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
        reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        concurrencyMax: properties.ScalingConfig.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
      },
    ];
  });
}
