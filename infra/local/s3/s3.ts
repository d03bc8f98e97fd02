import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type StandIn, serve } from '../stand-in.ts';
import { Buckets } from './buckets.ts';
import { type ObjectCreatedEvent, objectCreatedEvent } from './object-created-event.ts';
import type { Objects } from './objects.ts';
import { objectsOf } from './objects-of.ts';
import { receiveFile } from './receive-body.ts';
import type { AuthorizeS3 } from './s3-access-request.ts';
import type { S3World } from './s3-call.ts';
import { s3Listener } from './s3-listener.ts';
import { Sequencer } from './sequencer.ts';
import { Uploads } from './uploads.ts';

export interface S3Options {
  /** Holds buckets and objects from one start to the next. */
  readonly folder: string;
  readonly region?: string;
  readonly accountId?: string;
  readonly port?: number;
  readonly now?: () => Date;
  /**
   * Takes over the event of each new object in a bucket whose EventBridge is on. The upload is answered only after it
   * resolves, so that no event is lost; a rejection makes the answer a 500, though the object is there.
   */
  readonly onObjectCreated?: (event: ObjectCreatedEvent) => void | Promise<void>;
  /** Asked before anything is done; everybody with an access key may when it is absent. */
  readonly authorize?: AuthorizeS3;
}

/** S3 over plain files, at `endpoint` in the path style. */
export interface S3StandIn extends StandIn {
  readonly objects: Objects;
  /** Makes the bucket unless it is there, and switches what is named. */
  ensureBucket(name: string, settings?: { readonly versioned?: boolean; readonly eventBridge?: boolean }): void;
}

/**
 * Only one process may use a folder at a time.
 *
 * @throws when the folder holds what this version cannot read, or the port is taken.
 */
export async function startS3(options: S3Options): Promise<S3StandIn> {
  const { region = 'eu-central-1', accountId = '111122223333', now = () => new Date(), onObjectCreated } = options;
  const folder = resolve(options.folder);
  const receiving = join(folder, '.receiving');
  rmSync(receiving, { recursive: true, force: true });
  mkdirSync(receiving, { recursive: true });
  const buckets = new Buckets(folder, new Sequencer(now));
  const world: S3World = {
    region,
    accountId,
    buckets,
    uploads: new Uploads(join(folder, '.uploads')),
    receive: (request) => receiveFile(request, receiving),
    newFile: () => join(receiving, randomUUID()),
    announce: async (bucket, version, reason, requestId) => {
      if (!buckets.require(bucket).settings.eventBridge) return;
      await onObjectCreated?.(objectCreatedEvent({ bucket, version, reason, region, accountId, requestId }));
    },
  };
  const newRequestId = () => randomBytes(8).toString('hex').toUpperCase();
  const { authorize = () => {} } = options;
  const standIn = await serve(s3Listener({ world, authorize, now, newRequestId }), options.port);
  return {
    ...standIn,
    objects: objectsOf(world, newRequestId),
    ensureBucket(name, { versioned, eventBridge } = {}) {
      const bucket = buckets.find(name) ?? buckets.create(name);
      if (versioned !== undefined) {
        const off = bucket.settings.versioning === undefined ? {} : ({ versioning: 'Suspended' } as const);
        bucket.configure(versioned ? { versioning: 'Enabled' } : off);
      }
      if (eventBridge !== undefined) bucket.configure({ eventBridge });
    },
  };
}
