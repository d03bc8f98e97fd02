import { z } from 'zod';
import { Problem } from '../../domain/problem.ts';
import { FILES_MAX } from '../limits.ts';
import { landedKey, type ManifestPlace } from './landed-key.ts';

/** What a manifest says: the keys of its files in the landing bucket, and when it was made, if it says so. */
export interface Manifest {
  readonly keys: readonly string[];
  readonly createdAt: string | undefined;
}

/** AWS Data Exports writes more (columns, account, export); nothing else of it is needed. */
const DataExportsManifest = z.object({ dataFiles: z.array(z.string()).min(1) });

const OwnManifest = z.strictObject({
  files: z.array(z.string()).min(1),
  createdAt: z.iso.datetime({ offset: true }).optional(),
});

/** Reads a manifest of AWS Data Exports. Throws Problem `manifest_unreadable` naming what is wrong, or `too_many_files`. */
export function readDataExportsManifest(text: string, place: ManifestPlace): Manifest {
  const { dataFiles } = parse(text, place, DataExportsManifest, 'dataFiles with at least one s3:// address');
  return { keys: keysOf(dataFiles, place), createdAt: undefined };
}

/** Reads a manifest of our own form: `{ "files": ["march-1.csv", …], "createdAt": "2025-04-01T06:00:00Z" }`. */
export function readOwnManifest(text: string, place: ManifestPlace): Manifest {
  const { files, createdAt } = parse(text, place, OwnManifest, '{"files": [at least one name], "createdAt"?: time}');
  return { keys: keysOf(files, place), createdAt };
}

function parse<Shape extends z.ZodType>(
  text: string,
  place: ManifestPlace,
  shape: Shape,
  expected: string,
): z.infer<Shape> {
  const parsed = shape.safeParse(jsonOf(text, place));
  if (parsed.success) return parsed.data;
  throw new Problem('manifest_unreadable', { file: place.key, reason: `expected ${expected}` });
}

function jsonOf(text: string, place: ManifestPlace): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Problem('manifest_unreadable', { file: place.key, reason: 'it is not JSON' });
  }
}

/** A file that is named twice would be charged twice. */
function keysOf(references: readonly string[], place: ManifestPlace): readonly string[] {
  if (references.length > FILES_MAX)
    throw new Problem('too_many_files', { file: place.key, files: references.length, most: FILES_MAX });
  const keys = new Set<string>();
  for (const reference of references) {
    const key = landedKey(reference, place);
    if (keys.has(key)) throw new Problem('manifest_unreadable', { file: place.key, reason: `it names ${key} twice` });
    keys.add(key);
  }
  return [...keys];
}
