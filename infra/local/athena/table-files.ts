import { readFileSync } from 'node:fs';
import type { Objects, StoredObject } from '../s3/objects.ts';
import type { GlueTable } from './glue-table.ts';
import { QueryFailure } from './query-failure.ts';
import { parseS3Folder, parseS3Uri, s3Uri } from './s3-uri.ts';

const SYMLINK_FORMAT = 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat';

/** Hive's convention: what begins with `_` or `.` is no data, be it file or folder. Empty files hold nothing. */
const isData = (object: StoredObject, folder: string): boolean =>
  object.sizeBytes > 0 &&
  !object.key
    .slice(folder.length)
    .split('/')
    .some((part) => part.startsWith('_') || part.startsWith('.'));

/** The engine lists a linked file's folder before it opens the file, each folder once. */
function linked(objects: Objects, uri: string, list: StoredObject, listed: Set<string>): StoredObject {
  const { bucket, key } = parseS3Uri(uri);
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  if (!listed.has(`${bucket}/${folder}`)) objects.list(bucket, folder);
  listed.add(`${bucket}/${folder}`);
  const object = objects.find(bucket, key);
  if (!object)
    throw new QueryFailure(
      'HIVE_CURSOR_ERROR',
      `The specified key does not exist. (Error Code: NoSuchKey): ${uri}, named by ${s3Uri(list)}`,
    );
  return object;
}

/**
 * The files of one location, as the table's input format finds them: every visible object under it, or, for a symlink
 * table, exactly those its lists name. Every one of them is looked up by itself, for who asks must be allowed each.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html (the symlink form)
 *
 * @throws QueryFailure HIVE_CURSOR_ERROR for a list that names an object which is gone
 * (https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html).
 */
export function tableFiles(objects: Objects, table: GlueTable, location: string): readonly StoredObject[] {
  const { bucket, key } = parseS3Folder(location);
  const found = objects
    .list(bucket, key)
    .filter((object) => isData(object, key))
    .flatMap((object) => objects.find(bucket, object.key) ?? []);
  if (table.storageDescriptor.inputFormat !== SYMLINK_FORMAT) return found;
  const listed = new Set<string>();
  return found.flatMap((list) =>
    readFileSync(list.path, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((uri) => linked(objects, uri, list, listed)),
  );
}
