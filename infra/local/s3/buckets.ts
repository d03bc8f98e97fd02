import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bucket } from './bucket.ts';
import { S3Problem } from './s3-problem.ts';
import type { Sequencer } from './sequencer.ts';
import { compareUtf8 } from './utf8-order.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; never a hidden folder's name. */
const BUCKET_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The buckets kept under one folder, each in a folder of its own name. */
export class Buckets {
  readonly #folder: string;
  readonly #sequencer: Sequencer;
  readonly #byName = new Map<string, Bucket>();

  constructor(folder: string, sequencer: Sequencer) {
    this.#folder = folder;
    this.#sequencer = sequencer;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).filter((each) => BUCKET_NAME.test(each)))
      this.#byName.set(name, new Bucket(name, join(folder, name), sequencer));
  }

  /** By name. */
  list(): readonly Bucket[] {
    return [...this.#byName.values()].sort((a, b) => compareUtf8(a.name, b.name));
  }

  find(name: string): Bucket | undefined {
    return this.#byName.get(name);
  }

  /** @throws S3Problem NoSuchBucket */
  require(name: string): Bucket {
    const bucket = this.#byName.get(name);
    if (bucket === undefined) throw new S3Problem('NoSuchBucket');
    return bucket;
  }

  /** @throws S3Problem BucketAlreadyOwnedByYou, InvalidBucketName */
  create(name: string): Bucket {
    if (!BUCKET_NAME.test(name)) throw new S3Problem('InvalidBucketName');
    if (this.#byName.has(name)) throw new S3Problem('BucketAlreadyOwnedByYou');
    const settings = { createdAt: this.#sequencer.now().toISOString(), eventBridge: false };
    const bucket = new Bucket(name, join(this.#folder, name), this.#sequencer, settings);
    this.#byName.set(name, bucket);
    return bucket;
  }

  /** @throws S3Problem NoSuchBucket, BucketNotEmpty */
  delete(name: string): void {
    this.require(name).destroy();
    this.#byName.delete(name);
  }
}
