import { randomUUID } from 'node:crypto';
import type { ContentVersion } from './stored-version.ts';

/** The request that made the object. */
export type CreationReason = 'PutObject' | 'CopyObject' | 'CompleteMultipartUpload';

/**
 * The event S3 gives to EventBridge. The key stands as it is, not URL-encoded as in S3's own notifications.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export interface ObjectCreatedEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'Object Created';
  readonly source: 'aws.s3';
  readonly account: string;
  /** To the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly [bucketArn: string];
  readonly detail: {
    readonly version: '0';
    readonly bucket: { readonly name: string };
    readonly object: {
      readonly key: string;
      readonly size: number;
      readonly etag: string;
      /** Only in a bucket with versioning. */
      readonly 'version-id'?: string;
      readonly sequencer: string;
    };
    readonly 'request-id': string;
    readonly requester: string;
    readonly 'source-ip-address': string;
    readonly reason: CreationReason;
  };
}

/** Where and by what request an object came to be. */
export interface Creation {
  readonly bucket: string;
  readonly version: ContentVersion;
  readonly reason: CreationReason;
  readonly region: string;
  readonly accountId: string;
  readonly requestId: string;
}

export function objectCreatedEvent(creation: Creation): ObjectCreatedEvent {
  const { bucket, version, accountId } = creation;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: accountId,
    time: version.lastModified.replace(/\.\d+Z$/, 'Z'),
    region: creation.region,
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: {
        key: version.key,
        size: version.content.sizeBytes,
        etag: version.content.etag,
        ...(version.versionId === 'null' ? {} : { 'version-id': version.versionId }),
        sequencer: version.sequencer,
      },
      'request-id': creation.requestId,
      requester: accountId,
      'source-ip-address': '127.0.0.1',
      reason: creation.reason,
    },
  };
}
