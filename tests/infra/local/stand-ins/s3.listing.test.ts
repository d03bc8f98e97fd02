import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareUtf8 } from '../../../../infra/local/s3/utf8-order.ts';
import { s3UnderTest } from './s3.testbed.ts';
import { endpointElsewhere, isLeftOut } from './suite-target.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
describe.skipIf(isLeftOut('s3'))('S3 listings', () => {
  const s3 = s3UnderTest();

  const list = (more: Partial<ListObjectsV2CommandInput>): Promise<ListObjectsV2CommandOutput> =>
    s3.client.send(new ListObjectsV2Command({ Bucket: s3.bucket, ...more }));
  const keysOf = ({ Contents = [] }: ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);
  const prefixesOf = ({ CommonPrefixes = [] }: ListObjectsV2CommandOutput) =>
    CommonPrefixes.map(({ Prefix }) => Prefix);
  const putAll = async (keys: readonly string[]): Promise<void> => {
    for (let at = 0; at < keys.length; at += 50)
      await Promise.all(keys.slice(at, at + 50).map((key) => s3.put(key, 'x')));
  };

  /** Every page of a listing. */
  async function pagesOf(more: Partial<ListObjectsV2CommandInput>): Promise<ListObjectsV2CommandOutput[]> {
    const pages: ListObjectsV2CommandOutput[] = [];
    for (let token: string | undefined, more_ = true; more_; more_ = token !== undefined) {
      const page = await list({ ...more, ...(token === undefined ? {} : { ContinuationToken: token }) });
      pages.push(page);
      token = page.NextContinuationToken;
    }
    return pages;
  }

  test('1,201 keys come in two pages, all of them, in order', async () => {
    const keys = Array.from({ length: 1201 }, (_, index) => `l/${String(index).padStart(5, '0')}`);
    await putAll(keys);
    const pages = await pagesOf({ Prefix: 'l/' });
    expect(pages.map(({ KeyCount, IsTruncated }) => [KeyCount, IsTruncated])).toEqual([
      [1000, true],
      [201, false],
    ]);
    expect(pages.flatMap(keysOf)).toEqual(keys);
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html
  test('keys come in the order of their UTF-8 bytes, where an emoji is behind U+FFxx', async ({ skip }) => {
    skip(endpointElsewhere('s3') !== undefined, 's3proxy puts them in the order of UTF-16');
    const keys = ['o/A', 'o/Z', 'o/a', 'o/ä', 'o/ﬁ', 'o/！', 'o/😀'];
    await putAll([...keys].reverse());
    expect(keysOf(await list({ Prefix: 'o/' }))).toEqual(keys);
  });

  test('that order is the order of the bytes for any two keys', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), async (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
  test('a delimiter folds what lies below into common prefixes', async () => {
    await putAll(['d/x/1', 'd/x/2', 'd/y', 'd/z/']);
    const folded = await list({ Prefix: 'd/', Delimiter: '/' });
    expect(prefixesOf(folded)).toEqual(['d/x/', 'd/z/']);
    expect(keysOf(folded)).toEqual(['d/y']);
  });

  test('a page that ends with a common prefix goes on behind all below it', async () => {
    await putAll(['p/a/1', 'p/a/2', 'p/b', 'p/c/1', 'p/c/2', 'p/d']);
    const pages = await pagesOf({ Prefix: 'p/', Delimiter: '/', MaxKeys: 1 });
    expect(pages.flatMap((page) => [...prefixesOf(page), ...keysOf(page)])).toEqual(['p/a/', 'p/b', 'p/c/', 'p/d']);
  });

  test('StartAfter and MaxKeys cut a listing', async () => {
    await putAll(['s/1', 's/2', 's/3']);
    const page = await list({ Prefix: 's/', StartAfter: 's/2', MaxKeys: 1 });
    expect([keysOf(page), page.IsTruncated ?? false]).toEqual([['s/3'], false]);
    expect(keysOf(await list({ Prefix: 's/', StartAfter: 'a' }))).toEqual(['s/1', 's/2', 's/3']);
    const none = await list({ Prefix: 's/', MaxKeys: 0 });
    expect([keysOf(none), none.IsTruncated ?? false]).toEqual([[], false]);
  });

  test('odd keys come back as they are, and URL-encoded on demand', async () => {
    const keys = ['u/a b+c%', 'u/quote\'"<>&', 'u/ü😀'];
    await putAll(keys);
    expect(keysOf(await list({ Prefix: 'u/' }))).toEqual(keys);
    const encoded = keysOf(await list({ Prefix: 'u/', EncodingType: 'url' }));
    expect(encoded.map((key = '') => decodeURIComponent(key.replaceAll('+', ' ')))).toEqual(keys);
  });

  test('a listing says size, ETag and time of each object', async () => {
    const { ETag } = await s3.put('facts', 'hello');
    const { Contents } = await list({ Prefix: 'facts' });
    expect(Contents).toMatchObject([{ Key: 'facts', Size: 5, ETag, LastModified: expect.any(Date) }]);
  });
});
