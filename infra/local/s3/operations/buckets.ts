import type { Operation } from '../s3-call.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html: outside us-east-1 a second call is a 409. */
export const createBucket: Operation = ({ bucket }, { buckets }) => {
  buckets.create(bucket);
  return { headers: { location: `/${bucket}` } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: Operation = ({ bucket }, { buckets, region }) => {
  buckets.require(bucket);
  return { headers: { 'x-amz-bucket-region': region } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export const deleteBucket: Operation = ({ bucket }, { buckets }) => {
  buckets.delete(bucket);
  return { status: 204 };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html: all on one page. */
export const listBuckets: Operation = (_call, { buckets, accountId }) => ({
  xml: {
    root: 'ListAllMyBucketsResult',
    content: {
      Owner: { ID: accountId },
      Buckets: {
        Bucket: buckets.list().map(({ name, settings }) => ({ Name: name, CreationDate: settings.createdAt })),
      },
    },
  },
});
