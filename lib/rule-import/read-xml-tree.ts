import sax from 'sax';
import { ImportRefused } from './import-refused.ts';

/** One element: its attributes, its child elements, and the line it begins in. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly line: number;
}

interface OpenNode extends XmlNode {
  readonly children: XmlNode[];
}

/** A price book of 500 rules has about 0.2 MB; its elements stand five deep. */
const CHARACTERS_MOST = 5_000_000;
const DEPTH_MOST = 16;
const ELEMENTS_MOST = 100_000;

/**
 * Reads strict XML 1.0 into a tree. A document type, and so every entity but XML's own five, is refused, as are more
 * characters, elements or levels than a price book can have: an XML file is somebody else's text.
 *
 * @throws ImportRefused with the line
 */
export function readXmlTree(text: string): XmlNode {
  if (text.length > CHARACTERS_MOST) {
    throw refused(1, `the file has ${text.length} characters, at most ${CHARACTERS_MOST} are read.`);
  }
  const parser = sax.parser(true, { position: true });
  const top: OpenNode = { name: '', attributes: {}, children: [], line: 0 };
  const open: OpenNode[] = [top];
  let elements = 0;
  const line = () => (parser.line ?? 0) + 1;
  parser.ondoctype = () => {
    throw refused(line(), 'a document type (and what it may declare) is not read.');
  };
  parser.onerror = (error) => {
    throw refused(line(), `not well-formed XML (${error.message.split('\n')[0]}).`);
  };
  parser.onopentag = ({ name, attributes }) => {
    elements += 1;
    if (open.length > DEPTH_MOST) throw refused(line(), `elements stand more than ${DEPTH_MOST} deep.`);
    if (elements > ELEMENTS_MOST) throw refused(line(), `the file has more than ${ELEMENTS_MOST} elements.`);
    const node: OpenNode = { name, attributes: textsOf(attributes), children: [], line: line() };
    open.at(-1)?.children.push(node);
    open.push(node);
  };
  parser.onclosetag = () => {
    open.pop();
  };
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) throw refused(1, 'there is no element in it.');
  return root;
}

function textsOf(attributes: Readonly<Record<string, string | sax.QualifiedAttribute>>): Record<string, string> {
  const texts = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.value,
  ]);
  return Object.fromEntries(texts);
}

function refused(line: number, what: string): ImportRefused {
  return new ImportRefused({ where: `line ${line}`, what, next: 'Export the price book again.' });
}
