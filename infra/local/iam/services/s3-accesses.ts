import type { Access, Context } from '../request-context.ts';

/** One thing to be done with a bucket or an object of it. */
export interface S3Wish {
  /** Which of S3's operations needs which action, `infra/local/s3/route.ts` says. */
  readonly action: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** Of a listing. */
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly maxKeys?: string | undefined;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
export function s3Access({ action, bucket, key, prefix, delimiter, maxKeys }: S3Wish): Access {
  const resource = bucket === '' ? '*' : `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`;
  const context: Context = {
    ...(prefix === undefined ? {} : { 's3:prefix': prefix }),
    ...(delimiter === undefined ? {} : { 's3:delimiter': delimiter }),
    ...(maxKeys === undefined ? {} : { 's3:max-keys': maxKeys }),
  };
  return { action, resource, context };
}
