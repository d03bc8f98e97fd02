import type { Integration } from '../../domain/integration.ts';
import { LandedObject } from '../../domain/landed-object.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { DeliveryStore } from '../../ports/run-store.ts';
import { fileKindOf } from '../../sources/file-kind.ts';
import { MANIFEST_BYTES_MAX } from '../../sources/limits.ts';
import { type Announcement, announcementOf, areOverwritten } from '../../sources/manifests/announcement.ts';
import { deliverySequence } from '../../sources/manifests/delivery-sequence.ts';
import { type Manifest, readDataExportsManifest, readOwnManifest } from '../../sources/manifests/read-manifest-text.ts';
import { inParallel } from '../in-parallel.ts';
import { enterDeliveryStep } from './enter-delivery-step.ts';
import { batchesOf, type FrozenFile, type FrozenList } from './frozen-list.ts';
import { newDelivery } from './new-delivery.ts';

/** What ReadManifest reaches outside. */
export interface ReadManifestWorld {
  readonly config: Pick<PartnerConfigReader, 'findIntegration'>;
  readonly deliveries: DeliveryStore;
  readonly landing: ObjectStore;
  readonly lake: ObjectStore;
  readonly clock: Clock;
  /** How long after its event a manifest may name files that are not there yet. */
  readonly manifestGraceSeconds: number;
}

/** The state machine's choice: go on, look again, or end. */
export type ReadManifestAnswer =
  | { outcome: 'ready'; deliveryId: string; integrationId: string; batches: readonly number[]; batchCount: number }
  | { outcome: 'waiting'; missing: readonly string[]; waitSeconds: number }
  | { outcome: 'ignored'; reason: string };

const WAIT_SECONDS = 5;
/** Milliseconds that HTTP's Last-Modified leaves out. */
const WITHIN_SECOND = 999;
const HEADS_AT_ONCE = 16;
/** Clocks differ; what is further ahead would come before every later bill for good. */
const AHEAD_MILLISECONDS_MAX = 24 * 60 * 60 * 1000;

/**
 * Freezes what a delivery consists of: its files with version, ETag and size, dealt into batches, and its place in the
 * order of deliveries. Throws a Problem for a bill that can never be read (`unknown_integration`, `manifest_unreadable`,
 * `manifest_file_missing` once the grace is over).
 */
export const readManifest =
  (world: ReadManifestWorld) =>
  async (input: unknown): Promise<ReadManifestAnswer> => {
    const object = LandedObject.parse(input);
    await world.deliveries.add(newDelivery(object, world.clock.now()));
    const integration = await world.config.findIntegration(object.integrationId);
    if (integration === undefined) {
      throw new Problem('unknown_integration', { integrationId: object.integrationId, key: object.key });
    }
    const announcement = announcementOf(object.key, integration.delivery);
    if (announcement === undefined) return await ignore(world, object, 'it announces no bill');
    const manifest = await read(world, object, announcement);
    if (manifest === undefined) return await ignore(world, object, 'the object is gone');
    const isMonths = announcement.kind === 'month_of_exports';
    if (isMonths && !areOverwritten(manifest.keys)) return await ignore(world, object, 'the execution has its own');
    const found = await inParallel(manifest.keys, HEADS_AT_ONCE, (key) =>
      world.landing.head(key, announcedVersion(object, key)),
    );
    const missing = manifest.keys.filter((_, index) => found[index] === undefined);
    if (missing.length > 0) return waitFor(world, object, missing);
    const files = found.flatMap((info) => info ?? []);
    const overtaken = isMonths ? await writtenAfter(world, object, files) : undefined;
    if (overtaken !== undefined) return await supersede(world, object, overtaken);
    return await freeze(world, object, { integration, announcement, manifest, found: files });
  };

/**
 * The first file that was written after the manifest was: the export's next refresh is at it, and which of its files belong
 * to which manifest nobody could tell. Times of S3 have whole seconds.
 */
async function writtenAfter(
  { landing }: ReadManifestWorld,
  { key, versionId, eventTime }: LandedObject,
  files: readonly ObjectInfo[],
): Promise<string | undefined> {
  const manifest = await landing.head(key, versionId ?? undefined);
  const written = Date.parse(manifest?.lastModified ?? eventTime);
  return files.find(({ lastModified }) => lastModified !== undefined && Date.parse(lastModified) > written)?.key;
}

async function read(
  { landing }: ReadManifestWorld,
  object: LandedObject,
  announcement: Announcement,
): Promise<Manifest | undefined> {
  if (announcement.kind === 'bare') {
    const there = await landing.head(object.key, object.versionId ?? undefined);
    return there === undefined ? undefined : { keys: [object.key], createdAt: undefined };
  }
  if (object.sizeBytes > MANIFEST_BYTES_MAX) {
    throw new Problem('manifest_unreadable', {
      file: object.key,
      reason: `it is larger than ${MANIFEST_BYTES_MAX} bytes`,
    });
  }
  const body = await landing.readText(object.key, object.versionId ?? undefined);
  if (body === undefined) return undefined;
  return announcement.kind === 'own_manifest'
    ? readOwnManifest(body.text, object)
    : readDataExportsManifest(body.text, object);
}

/** A bare file is the version that its event named; a manifest's files are those there now. */
function announcedVersion(object: LandedObject, key: string): string | undefined {
  return key === object.key ? (object.versionId ?? undefined) : undefined;
}

function waitFor(
  { clock, manifestGraceSeconds }: ReadManifestWorld,
  object: LandedObject,
  missing: readonly string[],
): ReadManifestAnswer {
  const graceEnds = Date.parse(object.eventTime) + manifestGraceSeconds * 1000;
  if (clock.now().getTime() < graceEnds) {
    return { outcome: 'waiting', missing: missing.slice(0, 5), waitSeconds: WAIT_SECONDS };
  }
  throw new Problem('manifest_file_missing', { manifest: object.key, file: missing[0] ?? '' });
}

async function freeze(
  world: ReadManifestWorld,
  object: LandedObject,
  bill: { integration: Integration; announcement: Announcement; manifest: Manifest; found: readonly ObjectInfo[] },
): Promise<ReadManifestAnswer> {
  const files = bill.found.map((info, file) => frozenFile(info, file, object.key));
  const { deliveryId, integrationId } = object;
  const list: FrozenList = {
    deliveryId,
    integrationId,
    format: bill.integration.format,
    bucket: world.landing.bucket,
    key: object.key,
    bare: bill.announcement.kind === 'bare',
    deliverySeq: deliverySequence(notAhead(object, madeAt(object, bill)), object.sequencer),
    overwritten: bill.announcement.kind === 'month_of_exports',
    period: 'period' in bill.announcement ? bill.announcement.period : null,
    files,
  };
  const batches = batchesOf(files);
  await world.lake.writeText(LAKE.frozenList(deliveryId), JSON.stringify(list));
  await inParallel([...batches.entries()], HEADS_AT_ONCE, ([batch, share]) =>
    world.lake.writeText(
      LAKE.batch(deliveryId, batch),
      JSON.stringify({ deliveryId, batch, bucket: list.bucket, overwritten: list.overwritten, files: share }),
    ),
  );
  await enterDeliveryStep(world, deliveryId, 'ConvertFiles');
  await world.deliveries.update(deliveryId, {
    deliverySeq: list.deliverySeq,
    files: files.length,
  });
  return { outcome: 'ready', deliveryId, integrationId, batches: [...batches.keys()], batchCount: batches.length };
}

function frozenFile(info: ObjectInfo, file: number, manifest: string): FrozenFile {
  const kind = fileKindOf(info.key);
  if (kind === undefined)
    throw new Problem('unknown_format', {
      file: info.key,
      reason: `${manifest} names it, but it is none of .csv, .csv.gz, .parquet`,
    });
  return { file, key: info.key, kind, etag: info.etag, versionId: info.versionId ?? null, sizeBytes: info.sizeBytes };
}

/**
 * When the bill was made. A manifest of our own form counts as written after the files it names, whatever clock its
 * writer used: else it could lose to one of its own files that was read as a bare delivery first.
 */
function madeAt(
  object: LandedObject,
  { announcement, manifest, found }: { announcement: Announcement; manifest: Manifest; found: readonly ObjectInfo[] },
): string {
  if (announcement.kind === 'data_exports') return announcement.executedAt ?? object.eventTime;
  if (announcement.kind !== 'own_manifest') return object.eventTime;
  const written = found.flatMap(({ lastModified }) =>
    lastModified === undefined ? [] : Date.parse(lastModified) + WITHIN_SECOND,
  );
  return new Date(Math.max(Date.parse(manifest.createdAt ?? object.eventTime), ...written)).toISOString();
}

function notAhead({ key, eventTime }: LandedObject, madeAtTime: string): string {
  if (Date.parse(madeAtTime) <= Date.parse(eventTime) + AHEAD_MILLISECONDS_MAX) return madeAtTime;
  throw new Problem('manifest_unreadable', {
    file: key,
    reason: `it was made at ${madeAtTime}, after it was delivered at ${eventTime}`,
  });
}

async function ignore(
  { deliveries, clock }: ReadManifestWorld,
  object: LandedObject,
  reason: string,
): Promise<ReadManifestAnswer> {
  await deliveries.update(object.deliveryId, { status: 'Ignored', endedAt: clock.now().toISOString() });
  return { outcome: 'ignored', reason };
}

/** What it names is not there as it was: the manifest of what is written now comes when all of that is there. */
async function supersede(
  { deliveries, clock }: ReadManifestWorld,
  object: LandedObject,
  file: string,
): Promise<ReadManifestAnswer> {
  const { code, details } = new Problem('file_changed', { file }).stored();
  const reason = { code, details: { ...details } };
  await deliveries.update(object.deliveryId, { status: 'Superseded', reason, endedAt: clock.now().toISOString() });
  return { outcome: 'ignored', reason: code };
}
