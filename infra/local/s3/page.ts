import type { XmlContent } from '../write-xml.ts';
import { S3Problem } from './s3-problem.ts';

/** What every listing is asked: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export interface PageRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Gives names back URL-encoded, for keys that XML cannot hold. */
  readonly encode: (name: string) => string;
  readonly encoding: 'url' | undefined;
}

const MAX_KEYS = 1000;

/** As S3 does it: slashes stay, a blank is a plus. */
const urlEncoded = (name: string): string => encodeURIComponent(name).replaceAll('%2F', '/').replaceAll('%20', '+');

/** @throws S3Problem InvalidArgument */
export function pageRequestOf(query: URLSearchParams): PageRequest {
  const maxKeys = Number(query.get('max-keys') ?? MAX_KEYS);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) throw new S3Problem('InvalidArgument', 'max-keys is not a count');
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url') throw new S3Problem('InvalidArgument', 'Invalid Encoding Method');
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(maxKeys, MAX_KEYS),
    encode: encoding === 'url' ? urlEncoded : (name) => name,
    encoding: encoding ?? undefined,
  };
}

/** A key or version, or the common prefix that stands for all keys below it. */
type Entry<Item> = { readonly item: Item } | { readonly commonPrefix: string };

/** A page's entries, and whether there were more. */
export interface Page<Item> {
  readonly entries: readonly Entry<Item>[];
  readonly isTruncated: boolean;
}

/** The part of `key` up to the first delimiter behind the prefix; undefined when it has none. */
export function commonPrefixOf(key: string, { prefix, delimiter }: PageRequest): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** Leaves out what lies below a common prefix that the page before ended with. */
export function* notBelow<Item extends { readonly key: string }>(
  prefix: string | undefined,
  items: Iterable<Item>,
): Generator<Item> {
  for (const item of items) if (prefix === undefined || !item.key.startsWith(prefix)) yield item;
}

/** Takes a page off items in key order; keys below one common prefix come together as one entry. */
export function takePage<Item extends { readonly key: string }>(items: Iterable<Item>, page: PageRequest): Page<Item> {
  const entries: Entry<Item>[] = [];
  let lastPrefix: string | undefined;
  if (page.maxKeys === 0) return { entries, isTruncated: false };
  for (const item of items) {
    const commonPrefix = commonPrefixOf(item.key, page);
    if (commonPrefix !== undefined && commonPrefix === lastPrefix) continue;
    if (entries.length === page.maxKeys) return { entries, isTruncated: true };
    lastPrefix = commonPrefix;
    entries.push(commonPrefix === undefined ? { item } : { commonPrefix });
  }
  return { entries, isTruncated: false };
}

/** The elements all listings share. */
export function pageElements(page: PageRequest, { entries, isTruncated }: Page<unknown>): XmlContent {
  return {
    Prefix: page.encode(page.prefix),
    MaxKeys: page.maxKeys,
    Delimiter: page.delimiter === '' ? undefined : page.encode(page.delimiter),
    EncodingType: page.encoding,
    IsTruncated: isTruncated,
    CommonPrefixes: entries.flatMap((entry) =>
      'commonPrefix' in entry ? [{ Prefix: page.encode(entry.commonPrefix) }] : [],
    ),
  };
}
