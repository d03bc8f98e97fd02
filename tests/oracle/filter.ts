import { type DeliveredRow, textOf } from './bill.ts';
import type { Filter, Leaf } from './rule.ts';

/** Ids ignore the case of ASCII letters, under every operator (`pricing.md` §4). */
const IDS: ReadonlySet<string> = new Set(['BillingAccountId', 'SubAccountId', 'SkuId', 'RegionId', 'ResourceId']);

/** What each operator says of a value that is there. */
const SAYS: { readonly [Op in Leaf['op']]: (subject: string, value: string) => boolean } = {
  in: (subject, value) => subject === value,
  notIn: (subject, value) => subject === value,
  startsWith: (subject, value) => subject.slice(0, value.length) === value,
  contains: (subject, value) => subject.indexOf(value) >= 0,
  wildcard: (subject, value) => isLike(subject, value),
  matches: (subject, value) => new RegExp(value, 'u').test(subject),
  exists: () => true,
  notExists: () => true,
};

/** Whether a filter holds of a row as delivered. */
export function holds(filter: Filter, row: DeliveredRow): boolean {
  if ('all' in filter) return filter.all.every((part) => holds(part, row));
  if ('any' in filter) return filter.any.some((part) => holds(part, row));
  if ('not' in filter) return !holds(filter.not, row);
  return leafHolds(filter, row);
}

/** Whether a filter opts Tax rows in: by a leaf `ChargeCategory in […Tax…]` that is not below a `not`. */
export function namesTax(filter: Filter | undefined): boolean {
  if (filter === undefined || 'not' in filter) return false;
  if ('all' in filter) return filter.all.some(namesTax);
  if ('any' in filter) return filter.any.some(namesTax);
  return filter.field === 'ChargeCategory' && filter.op === 'in' && (filter.values ?? []).includes('Tax');
}

function leafHolds({ field, key, op, values = [] }: Leaf, row: DeliveredRow): boolean {
  const subject = field === 'Tags' ? tagOf(row, key ?? '') : textOf(row, field);
  const isNegative = op === 'notIn' || op === 'notExists';
  if (subject === null) return isNegative;
  if (op === 'exists' || op === 'notExists') return !isNegative;
  const isId = IDS.has(field);
  const compared = isId ? lower(subject) : subject;
  const folded = (value: string) => (op === 'matches' ? lowerPattern(value) : lower(value));
  const found = values.some((value) => SAYS[op](compared, isId ? folded(value) : value));
  return found !== isNegative;
}

function tagOf({ Tags = null }: DeliveredRow, key: string): string | null {
  return Tags !== null && Object.hasOwn(Tags, key) ? (Tags[key] ?? null) : null;
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));
}

/** The same of a pattern, whose escapes stay as they are: `\\W` is no `\\w`. */
function lowerPattern(pattern: string): string {
  return pattern.replace(/\\.|[A-Z]/gsu, (sign) => (sign.length > 1 ? sign : lower(sign)));
}

/** The whole text against a pattern whose every `*` is any run of characters: places that the pattern can have reached. */
function isLike(text: string, pattern: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern.split('')) {
    const next = new Set<number>();
    for (const place of reached) {
      if (sign === '*') for (let end = place; end <= text.length; end += 1) next.add(end);
      else if (text[place] === sign) next.add(place + 1);
    }
    reached = next;
  }
  return reached.has(text.length);
}
