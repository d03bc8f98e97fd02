/** Undefined is left out, an array repeats its element. */
type XmlValue = string | number | boolean | undefined | XmlContent | readonly (string | XmlContent)[];

/** Child elements by name, in the order they are written. */
export interface XmlContent {
  readonly [element: string]: XmlValue;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Control characters, which a key may hold and XML may not spell, go as numbers: S3 does the same. */
function escapeText(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replace(/\p{Cc}/gu, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}

function writeElement(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => writeElement(name, each)).join('');
  const inner = typeof value === 'object' ? writeContent(value as XmlContent) : escapeText(String(value));
  return `<${name}>${inner}</${name}>`;
}

function writeContent(content: XmlContent): string {
  return Object.entries(content)
    .map(([name, value]) => writeElement(name, value))
    .join('');
}

/** A whole document of one root element in `namespace`. */
export function writeXml(root: string, content: XmlContent | string, namespace?: string): string {
  const attribute = namespace === undefined ? '' : ` xmlns="${namespace}"`;
  const inner = typeof content === 'string' ? escapeText(content) : writeContent(content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner}</${root}>`;
}
