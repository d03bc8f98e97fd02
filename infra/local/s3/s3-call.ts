import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { XmlContent } from '../write-xml.ts';
import type { Buckets } from './buckets.ts';
import type { CreationReason } from './object-created-event.ts';
import type { ReceivedFile } from './receive-body.ts';
import type { ContentVersion } from './stored-version.ts';
import type { Uploads } from './uploads.ts';

/** One request, taken apart. */
export interface S3Call {
  /** The body, not yet read. */
  readonly request: IncomingMessage;
  readonly headers: IncomingHttpHeaders;
  readonly query: URLSearchParams;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Decoded; empty for the bucket itself. */
  readonly key: string;
  readonly requestId: string;
  /** For a right that the request's own line does not show, such as that to read a copy's source. */
  requireAccess(action: S3Action, bucket: string, key: string): void;
}

/** Rights as IAM names them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export type S3Action = `s3:${string}`;

/** The answer of an operation; `xml` is written under its root's name in S3's namespace. */
export interface S3Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly xml?: { readonly root: string; readonly content: XmlContent | string };
  readonly body?: Readable;
}

/** What operations work on. */
export interface S3World {
  readonly region: string;
  readonly accountId: string;
  readonly buckets: Buckets;
  readonly uploads: Uploads;
  /** Reads the request's body into a file that waits to be moved to its place. */
  receive(request: IncomingMessage): Promise<ReceivedFile>;
  /** An empty file's path on the stand-in's own disk, to be written and moved like a received one. */
  newFile(): string;
  /** Tells EventBridge, when the bucket wants that; resolves once the event is taken over. */
  announce(bucket: string, version: ContentVersion, reason: CreationReason, requestId: string): Promise<void>;
}

export type Operation = (call: S3Call, world: S3World) => S3Answer | Promise<S3Answer>;
