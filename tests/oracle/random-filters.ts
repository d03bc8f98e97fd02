import type { Random } from './random.ts';
import { recased } from './random-rows.ts';
import type { Filter, Leaf } from './rule.ts';
import { FIELDS, TAG_KEYS, TAG_VALUES, VOCABULARY } from './vocabulary.ts';

const OPERATORS: readonly Leaf['op'][] = [
  ...(['in', 'in', 'notIn', 'startsWith', 'contains', 'wildcard', 'matches', 'exists', 'notExists'] as const),
];
/** Fields that real rules name most. */
const OFTEN: readonly (keyof typeof VOCABULARY)[] = ['ServiceName', 'ChargeCategory', 'RegionId', 'x_ChargeType'];
const IDS: ReadonlySet<string> = new Set(['BillingAccountId', 'SubAccountId', 'SkuId', 'RegionId', 'ResourceId']);

/** A filter over a case's values: often one test, sometimes a tree. */
export function randomFilter(random: Random, subAccounts: readonly string[], depth = 3): Filter {
  if (depth === 0 || random.percent(60)) return randomLeaf(random, subAccounts);
  const part = () => randomFilter(random, subAccounts, depth - 1);
  const form = random.below(5);
  if (form < 2) return { all: random.some(1, 3, part) };
  return form < 4 ? { any: random.some(1, 3, part) } : { not: part() };
}

function randomLeaf(random: Random, subAccounts: readonly string[]): Leaf {
  const subject = randomSubject(random);
  const op = random.of(OPERATORS);
  if (op === 'exists' || op === 'notExists') return { ...subject, op };
  const known = valuesOf(subject.field, subAccounts);
  const values = random.some(1, 3, () => valueFor(random, op, IDS.has(subject.field), random.of(known)));
  return { ...subject, op, values };
}

function randomSubject(random: Random): { field: Leaf['field']; key?: string } {
  const kind = random.below(10);
  if (kind < 2) return { field: 'Tags', key: random.of(TAG_KEYS) };
  if (kind < 4) return { field: 'SubAccountId' };
  return { field: random.of(kind < 7 ? OFTEN : FIELDS) };
}

function valuesOf(field: Leaf['field'], subAccounts: readonly string[]): readonly string[] {
  if (field === 'Tags') return TAG_VALUES;
  if (field === 'SubAccountId') return subAccounts;
  return VOCABULARY[field].filter((value) => value !== null);
}

/** A value that an operator has a fair chance to find. */
function valueFor(random: Random, op: Leaf['op'], isId: boolean, known: string): string {
  const value = isId ? recased(random, known) : known;
  const signs = [...value];
  const cut = random.below(signs.length + 1);
  const end = cut + random.below(signs.length - cut + 1);
  if (op === 'startsWith') return signs.slice(0, cut).join('');
  if (op === 'contains') return signs.slice(cut, end).join('');
  if (op === 'wildcard') return `${signs.slice(0, cut).join('')}*${signs.slice(end).join('')}`;
  if (op !== 'matches') return random.percent(10) ? `${value} ` : value;
  const piece = literal(signs.slice(cut, end).join(''));
  return random.of([
    ...[piece, `^${literal(signs.slice(0, cut).join(''))}`, `${literal(signs.slice(end).join(''))}$`],
    ...[`^${literal(value)}$`, `(?:${piece}|x)y?`, '[0-9]+', '^[^a-z]*$', `${piece}.`, 'a{2,3}|-[0-9]'],
  ]);
}

/** Characters that a pattern reads as themselves, in RE2 as in JavaScript. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
