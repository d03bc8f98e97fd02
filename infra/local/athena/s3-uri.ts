import { QueryFailure } from './query-failure.ts';

/** A bucket and a key or prefix in it. */
export interface S3Uri {
  readonly bucket: string;
  readonly key: string;
}

/** @throws QueryFailure when it is not `s3://bucket/…`. */
export function parseS3Uri(uri: string): S3Uri {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri);
  if (!match?.[1]) throw new QueryFailure('HIVE_INVALID_LOCATION', `not an S3 location: ${uri}`);
  return { bucket: match[1], key: match[2] ?? '' };
}

/** The same with its key as a folder: `s3://b/a` and `s3://b/a/` are one location, `a-b/` is not in it. */
export function parseS3Folder(uri: string): S3Uri {
  const { bucket, key } = parseS3Uri(uri);
  return { bucket, key: key === '' || key.endsWith('/') ? key : `${key}/` };
}

/** `s3://bucket/key`. */
export const s3Uri = ({ bucket, key }: S3Uri): string => `s3://${bucket}/${key}`;
