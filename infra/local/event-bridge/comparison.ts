import { BlockList } from 'node:net';

/** One item of a pattern's list: a test of a leaf value, or of whether there is one. */
export type Comparison = { readonly exists: boolean } | { readonly matches: (leaf: unknown) => boolean };

type TextTest = (text: string) => boolean;

/** @throws Error naming the field where the item is no comparison of EventBridge's. */
export function compileComparison(item: unknown, at: string): Comparison {
  if (item === null || typeof item !== 'object') return { matches: (leaf) => leaf === item };
  const [operator, argument] = onlyEntry(item, at);
  switch (operator) {
    case 'exists':
      if (typeof argument !== 'boolean') throw new Error(`${at}: exists must be true or false`);
      return { exists: argument };
    case 'anything-but':
      return { matches: anythingBut(argument, at) };
    case 'numeric':
      return { matches: numeric(argument, at) };
    case 'cidr':
      return { matches: onText(cidr(argument, at)) };
    default:
      return { matches: onText(textTest(operator, argument, at)) };
  }
}

function onlyEntry(item: object, at: string): [string, unknown] {
  const entries: [string, unknown][] = Object.entries(item);
  const [first] = entries;
  if (first === undefined || entries.length > 1) throw new Error(`${at} must have one operator in each object`);
  return first;
}

const onText = (test: TextTest) => (leaf: unknown) => typeof leaf === 'string' && test(leaf);

function textTest(operator: string, argument: unknown, at: string): TextTest {
  const ignoreCase =
    (operator === 'prefix' || operator === 'suffix') && typeof argument === 'object' && argument !== null;
  const [inner, wanted] = ignoreCase ? onlyEntry(argument, at) : [operator, argument];
  if (typeof wanted !== 'string') throw new Error(`${at}: ${operator} must be text`);
  if (ignoreCase && inner !== 'equals-ignore-case') throw new Error(`${at}: ${operator} does not know ${inner}`);
  const lower = wanted.toLowerCase();
  switch (operator) {
    case 'prefix':
      return ignoreCase ? (text) => text.toLowerCase().startsWith(lower) : (text) => text.startsWith(wanted);
    case 'suffix':
      return ignoreCase ? (text) => text.toLowerCase().endsWith(lower) : (text) => text.endsWith(wanted);
    case 'equals-ignore-case':
      return (text) => text.toLowerCase() === lower;
    case 'wildcard':
      return wildcard(wanted, at);
    default:
      throw new Error(`${at}: unknown operator ${operator}`);
  }
}

/** `*` stands for any characters, `\*` and `\\` for themselves; two stars in a row are refused as AWS refuses them. */
function wildcard(pattern: string, at: string): TextTest {
  if (/(?<!\\)(?:\\\\)*\*\*/.test(pattern)) throw new Error(`${at}: consecutive wildcard characters`);
  const source = pattern.replace(/\\([*\\])|\*|[.+?^${}()|[\]\\]/g, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\${escaped}`;
    return match === '*' ? '.*' : `\\${match}`;
  });
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}

function anythingBut(argument: unknown, at: string): (leaf: unknown) => boolean {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) {
    const [operator, wanted] = onlyEntry(argument, at);
    const tests = (Array.isArray(wanted) ? wanted : [wanted]).map((one: unknown) => textTest(operator, one, at));
    return (leaf) => typeof leaf !== 'string' || !tests.some((test) => test(leaf));
  }
  const excluded: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  if (excluded.length === 0 || excluded.some((value) => typeof value === 'object'))
    throw new Error(`${at}: anything-but takes text or numbers`);
  return (leaf) => !excluded.includes(leaf);
}

const NUMERIC: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function numeric(argument: unknown, at: string): (leaf: unknown) => boolean {
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4))
    throw new Error(`${at}: numeric takes one or two comparisons`);
  const tests = Array.from({ length: argument.length / 2 }, (_, index) => {
    const [operator, bound]: unknown[] = argument.slice(index * 2, index * 2 + 2);
    const compare = NUMERIC[String(operator)];
    if (compare === undefined || typeof bound !== 'number') throw new Error(`${at}: numeric does not know ${operator}`);
    return (value: number) => compare(value, bound);
  });
  return (leaf) => typeof leaf === 'number' && tests.every((test) => test(leaf));
}

function cidr(argument: unknown, at: string): TextTest {
  const [network, bits] = String(argument).split('/');
  const family = network?.includes(':') ? 'ipv6' : 'ipv4';
  if (network === undefined || bits === undefined) throw new Error(`${at}: cidr must be an address and a length`);
  const block = new BlockList();
  block.addSubnet(network, Number(bits), family);
  return (text) => block.check(text, text.includes(':') ? 'ipv6' : 'ipv4');
}
