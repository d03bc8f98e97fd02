import { Problem } from '../../domain/problem.ts';
import { KEY_BYTES_MAX } from '../limits.ts';

/** Where a manifest stands: the names in it are read relative to this. */
export interface ManifestPlace {
  readonly bucket: string;
  /** The manifest's own key, `<integrationId>/…`. */
  readonly key: string;
  readonly integrationId: string;
}

/**
 * The key of a file that a manifest names: an `s3://` address, a full key below the integration's folder, or a name
 * relative to the manifest. A manifest is a stranger's text: a name that leads out of the landing bucket or out of the
 * integration's own folder throws Problem `manifest_unreadable`.
 */
export function landedKey(reference: string, place: ManifestPlace): string {
  const refuse = (why: string) =>
    new Problem('manifest_unreadable', {
      file: place.key,
      reason: `it names ${JSON.stringify(reference.slice(0, 300))}, ${why}`,
    });
  const key = keyOf(reference, place);
  if (key === undefined) throw refuse('which is in another bucket');
  if (!key.isWellFormed()) throw refuse('which is no Unicode text');
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw refuse(`which is longer than ${KEY_BYTES_MAX} bytes`);
  if (hasControlCharacter(key)) throw refuse('which has a control character');
  if (key.startsWith('/') || key.split('/').some((part) => part === '.' || part === '..'))
    throw refuse('which is a path, not a key');
  if (!key.startsWith(`${place.integrationId}/`) || key.endsWith('/'))
    throw refuse("which is not a file of the integration's folder");
  return key;
}

function keyOf(reference: string, place: ManifestPlace): string | undefined {
  const prefix = `s3://${place.bucket}/`;
  if (reference.startsWith(prefix)) return reference.slice(prefix.length);
  if (/^[a-z0-9]+:\/\//i.test(reference)) return undefined;
  if (reference.startsWith('/') || reference.startsWith(`${place.integrationId}/`)) return reference;
  return `${place.key.slice(0, place.key.lastIndexOf('/') + 1)}${reference}`;
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f');
}
