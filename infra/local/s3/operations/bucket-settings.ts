import { childrenOf, childText, readXml } from '../read-xml.ts';
import { receiveDocument } from '../receive-body.ts';
import type { Operation } from '../s3-call.ts';
import { S3Problem } from '../s3-problem.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
export const putBucketVersioning: Operation = async ({ bucket, request }, { buckets }) => {
  const status = childText(readXml(await receiveDocument(request)), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Problem('MalformedXML');
  buckets.require(bucket).configure({ versioning: status });
  return {};
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html */
export const getBucketVersioning: Operation = ({ bucket }, { buckets }) => ({
  xml: { root: 'VersioningConfiguration', content: { Status: buckets.require(bucket).settings.versioning } },
});

const OTHER_TARGETS = ['TopicConfiguration', 'QueueConfiguration', 'CloudFunctionConfiguration'];

/**
 * EventBridge on or off; the whole configuration is replaced each time. Queues, topics and functions are not told here.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
 */
export const putBucketNotification: Operation = async ({ bucket, request }, { buckets }) => {
  const configuration = readXml(await receiveDocument(request));
  if (OTHER_TARGETS.some((name) => childrenOf(configuration, name).length > 0)) throw new S3Problem('NotImplemented');
  buckets.require(bucket).configure({ eventBridge: childrenOf(configuration, 'EventBridgeConfiguration').length > 0 });
  return {};
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html */
export const getBucketNotification: Operation = ({ bucket }, { buckets }) => ({
  xml: {
    root: 'NotificationConfiguration',
    content: buckets.require(bucket).settings.eventBridge ? { EventBridgeConfiguration: {} } : {},
  },
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is no constraint. */
export const getBucketLocation: Operation = ({ bucket }, { buckets, region }) => {
  buckets.require(bucket);
  return { xml: { root: 'LocationConstraint', content: region === 'us-east-1' ? '' : region } };
};
