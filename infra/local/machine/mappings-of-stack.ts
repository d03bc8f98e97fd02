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
 * @throws {TemplateError} for a source that is no queue of the stack, a function that is none of it, and for a property that is not played here.
 */
export function mappingsOfStack(stack: Stack): readonly EventSourceMapping[] {
  const queues = resourcesOfType(stack, 'AWS::SQS::Queue');
  const functions = resourcesOfType(stack, 'AWS::Lambda::Function');
  return resourcesOfType(stack, 'AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const properties = readProperties(MappingProperties, resource);
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    if (queue === undefined)
      throw new TemplateError(resource.logicalId, `${properties.EventSourceArn} is no queue of this stack`);
    const consumer = functions.find(({ name, arn }) => [name, arn].includes(properties.FunctionName));
    if (consumer === undefined)
      throw new TemplateError(resource.logicalId, `${properties.FunctionName} is no function of this stack`);
    if (!properties.Enabled) return [];
    return [
      {
        queueUrl: queue.ref,
        queueArn: properties.EventSourceArn,
        functionName: properties.FunctionName,
        roleArn: String(consumer.properties.Role),
        batchSize: properties.BatchSize,
        batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
        reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        concurrencyMax: properties.ScalingConfig.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
      },
    ];
  });
}
