import { requireVersion } from '../find-version.ts';
import { requireTags } from '../object-description.ts';
import { childrenOf, childText, readXml } from '../read-xml.ts';
import { receiveDocument } from '../receive-body.ts';
import type { Operation, S3Call, S3World } from '../s3-call.ts';
import { versionHeaders } from '../version-headers.ts';

function tagged({ bucket: name, key, query }: S3Call, { buckets }: S3World) {
  const bucket = buckets.require(name);
  const version = requireVersion(bucket, key, query.get('versionId'));
  return { bucket, version, headers: versionHeaders(bucket.settings, version) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
export const putObjectTagging: Operation = async (call, world) => {
  const [set] = childrenOf(readXml(await receiveDocument(call.request)), 'TagSet');
  const tags = childrenOf(set, 'Tag').map(
    (tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? ''] as const,
  );
  requireTags(tags.map(([key]) => key));
  const { bucket, version, headers } = tagged(call, world);
  bucket.retag(version, Object.fromEntries(tags));
  return { headers };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html */
export const getObjectTagging: Operation = (call, world) => {
  const { version, headers } = tagged(call, world);
  const Tag = Object.entries(version.content.description.tags).map(([Key, Value]) => ({ Key, Value }));
  return { headers, xml: { root: 'Tagging', content: { TagSet: { Tag } } } };
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html */
export const deleteObjectTagging: Operation = (call, world) => {
  const { bucket, version, headers } = tagged(call, world);
  bucket.retag(version, {});
  return { status: 204, headers };
};
