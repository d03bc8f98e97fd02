import { S3Problem } from './s3-problem.ts';

/** One element of a request's XML: either text or children. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([A-Za-z_][\w.:-]*)(?:\s[^<>]*?)?(\/?)>|([^<]+)|(<)/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (entity, hexadecimal, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? entity;
    return String.fromCodePoint(Number.parseInt(hexadecimal ?? decimal, hexadecimal === undefined ? 10 : 16));
  });
}

/**
 * Reads the plain XML of S3's request bodies: elements and text; attributes (the namespace) are passed over, and
 * comments, CDATA or entities of a DTD are refused, since no S3 request holds them.
 *
 * @throws S3Problem MalformedXML
 */
export function readXml(document: string): XmlElement {
  const top: OpenElement = { name: '', text: '', children: [] };
  const open: OpenElement[] = [top];
  for (const [, closing, name, empty, text, stray] of document.matchAll(TOKEN)) {
    const current = open.at(-1) ?? top;
    if (stray !== undefined) throw new S3Problem('MalformedXML');
    if (text !== undefined) current.text += unescapeText(text);
    else if (closing === '/') {
      if (open.length === 1 || current.name !== name) throw new S3Problem('MalformedXML');
      open.pop();
    } else if (name !== undefined) {
      const element: OpenElement = { name, text: '', children: [] };
      current.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [root, ...more] = top.children;
  if (open.length !== 1 || root === undefined || more.length > 0) throw new S3Problem('MalformedXML');
  return root;
}

/** The text of the first child of that name; undefined when there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

/** All children of that name, in order. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}
