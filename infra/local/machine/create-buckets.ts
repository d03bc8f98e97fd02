import { z } from 'zod';
import type { S3StandIn } from '../s3/s3.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { Flag, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

const BucketProperties = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  NotificationConfiguration: z
    .object({ EventBridgeConfiguration: z.object({ EventBridgeEnabled: Flag.default(true) }).optional() })
    .optional(),
});

/** Makes every AWS::S3::Bucket, and sets what the template says of one that is already there. */
export function createBuckets(stack: Stack, s3: S3StandIn): void {
  for (const resource of resourcesOfType(stack, 'AWS::S3::Bucket')) {
    const { VersioningConfiguration, NotificationConfiguration } = readProperties(BucketProperties, resource);
    s3.ensureBucket(resource.name, {
      versioned: VersioningConfiguration?.Status === 'Enabled',
      eventBridge: NotificationConfiguration?.EventBridgeConfiguration?.EventBridgeEnabled ?? false,
    });
  }
}
