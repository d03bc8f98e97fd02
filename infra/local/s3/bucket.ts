import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { extensionOfKey, folderOfKey, requireKey } from './object-key.ts';
import { S3Problem } from './s3-problem.ts';
import type { Sequencer } from './sequencer.ts';
import { SortedKeys } from './sorted-keys.ts';
import { type ContentVersion, isContent, type StoredContent, StoredVersion } from './stored-version.ts';

/** What can be switched on a bucket. */
export const BucketSettings = z.object({
  createdAt: z.iso.datetime(),
  /** Absent in a bucket that never had versioning, as S3 answers it. */
  versioning: z.enum(['Enabled', 'Suspended']).optional(),
  /** Whether Object Created events go to EventBridge. */
  eventBridge: z.boolean(),
});
export type BucketSettings = z.infer<typeof BucketSettings>;

/** Throws what S3 answers when a write may not happen, given the current version of its key. */
export type WriteCondition = (current: ContentVersion | undefined) => void;

/** The version id of writes made without versioning. */
const UNVERSIONED = 'null';
const SETTINGS_FILE = 'bucket.json';
const OBJECTS_FOLDER = 'objects';
/** Begins the name of a version's record; a body's begins with a hexadecimal digit. */
const RECORD = 'version-';

/** A file is never seen half written: it appears under its name whole, or not at all. */
function writeWhole(path: string, content: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(content));
  renameSync(`${path}.new`, path);
}

/**
 * One bucket on disk, with its versions in memory. `<folder>/objects/<hash of key>/` holds per version a body and a
 * `version-<id>.json`; the version exists once that second file has its name, and every change of it is one
 * synchronous step, so that of many conditional writes exactly one finds its condition met.
 */
export class Bucket {
  readonly name: string;
  readonly #folder: string;
  readonly #sequencer: Sequencer;
  /** Newest first; no key without a version. */
  readonly #versions = new Map<string, StoredVersion[]>();
  readonly #keys: SortedKeys;
  #settings: BucketSettings;

  /** Opens the bucket kept in `folder`, or makes it when `settings` are given. */
  constructor(name: string, folder: string, sequencer: Sequencer, settings?: BucketSettings) {
    this.name = name;
    this.#folder = folder;
    this.#sequencer = sequencer;
    if (settings !== undefined) writeWhole(join(folder, SETTINGS_FILE), settings);
    this.#settings = BucketSettings.parse(JSON.parse(readFileSync(join(folder, SETTINGS_FILE), 'utf8')));
    this.#load();
    this.#keys = new SortedKeys(this.#versions.keys());
  }

  get settings(): BucketSettings {
    return this.#settings;
  }

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  configure(change: Partial<Omit<BucketSettings, 'createdAt'>>): void {
    const settings = { ...this.#settings, ...change };
    writeWhole(join(this.#folder, SETTINGS_FILE), settings);
    this.#settings = settings;
  }

  /** All keys with any version, deleted ones too, in listing order. */
  keysStartingWith(prefix: string, from?: string): Generator<string> {
    return this.#keys.startingWith(prefix, from);
  }

  /** Newest first; empty for an absent key. */
  versionsOf(key: string): readonly StoredVersion[] {
    return this.#versions.get(key) ?? [];
  }

  /** The newest version unless that is a delete marker. */
  current(key: string): ContentVersion | undefined {
    const newest = this.versionsOf(key)[0];
    return newest !== undefined && isContent(newest) ? newest : undefined;
  }

  pathOf(version: ContentVersion): string {
    return join(this.#folder, OBJECTS_FOLDER, folderOfKey(version.key), version.content.file);
  }

  /** Moves the received file in as the key's newest version, if `allow` lets it. */
  put(
    key: string,
    receivedPath: string,
    content: Omit<StoredContent, 'file'>,
    allow: WriteCondition = () => {},
  ): ContentVersion {
    requireKey(key);
    allow(this.current(key));
    const sequencer = this.#sequencer.next();
    const file = `${sequencer.toLowerCase()}${extensionOfKey(key)}`;
    const version = { ...this.#newVersion(key, sequencer), content: { ...content, file } };
    mkdirSync(dirname(this.pathOf(version)), { recursive: true });
    renameSync(receivedPath, this.pathOf(version));
    this.#add(version);
    return version;
  }

  /**
   * What a delete without a version id does: it hides the key behind a delete marker where there is versioning, and
   * ends it where there is none.
   *
   * @returns the delete marker; undefined in a bucket without versioning.
   */
  delete(key: string, allow: WriteCondition = () => {}): StoredVersion | undefined {
    requireKey(key);
    allow(this.current(key));
    if (this.#settings.versioning === undefined) {
      this.deleteVersion(key, UNVERSIONED);
      return undefined;
    }
    const marker = this.#newVersion(key, this.#sequencer.next());
    this.#add(marker);
    return marker;
  }

  /** Ends one version for good. An absent one is no error, as in S3. */
  deleteVersion(key: string, versionId: string): StoredVersion | undefined {
    const versions = this.versionsOf(key);
    const version = versions.find((each) => each.versionId === versionId);
    if (version === undefined) return undefined;
    rmSync(this.#recordPath(version));
    if (isContent(version)) rmSync(this.pathOf(version), { force: true });
    const rest = versions.filter((each) => each !== version);
    if (rest.length > 0) this.#versions.set(key, rest);
    else {
      this.#versions.delete(key);
      this.#keys.delete(key);
      rmdirSync(dirname(this.#recordPath(version)));
    }
    return version;
  }

  /** Tags are no new version: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
  retag(version: ContentVersion, tags: Readonly<Record<string, string>>): void {
    const description = { ...version.content.description, tags };
    this.#add({ ...version, content: { ...version.content, description } });
  }

  /** Removes the bucket's folder. */
  destroy(): void {
    if (!this.isEmpty) throw new S3Problem('BucketNotEmpty');
    rmSync(this.#folder, { recursive: true });
  }

  #newVersion(key: string, sequencer: string): StoredVersion {
    const versionId = this.#settings.versioning === 'Enabled' ? randomBytes(16).toString('hex') : UNVERSIONED;
    return { key, versionId, sequencer, lastModified: this.#sequencer.now().toISOString() };
  }

  /** Writes the version down; from here on it is there. One of the same id is replaced, and its body removed. */
  #add(version: StoredVersion): void {
    writeWhole(this.#recordPath(version), version);
    const versions = this.versionsOf(version.key);
    const replaced = versions.find((each) => each.versionId === version.versionId);
    if (replaced !== undefined && isContent(replaced) && replaced.content.file !== version.content?.file)
      rmSync(this.pathOf(replaced), { force: true });
    this.#versions.set(version.key, inOrder([version, ...versions.filter((each) => each !== replaced)]));
    this.#keys.add(version.key);
  }

  #recordPath(version: StoredVersion): string {
    return join(this.#folder, OBJECTS_FOLDER, folderOfKey(version.key), `${RECORD}${version.versionId}.json`);
  }

  /** Reads every version back, and removes bodies whose version was not written down before the process ended. */
  #load(): void {
    const objects = join(this.#folder, OBJECTS_FOLDER);
    mkdirSync(objects, { recursive: true });
    for (const half of readdirSync(objects))
      for (const rest of readdirSync(join(objects, half))) this.#loadKey(join(objects, half, rest));
  }

  #loadKey(folder: string): void {
    const names = readdirSync(folder);
    const versions = names
      .filter((name) => name.startsWith(RECORD) && name.endsWith('.json'))
      .map((name) => StoredVersion.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
    const kept = new Set(versions.flatMap(({ versionId, content }) => [`${RECORD}${versionId}.json`, content?.file]));
    for (const name of names) if (!kept.has(name)) rmSync(join(folder, name));
    const [first] = versions;
    if (first === undefined) rmdirSync(folder);
    else this.#versions.set(first.key, inOrder(versions));
    for (const { sequencer } of versions) this.#sequencer.startAfter(sequencer);
  }
}

/** Newest first. */
const inOrder = (versions: readonly StoredVersion[]): StoredVersion[] =>
  [...versions].sort((a, b) => (a.sequencer < b.sequencer ? 1 : -1));
