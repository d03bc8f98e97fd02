import { z } from 'zod';
import type { BillRow } from '../csv.ts';

/** A filter's tree, as `pricing.md` §4 writes it. */
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | Leaf;

type Leaf = z.infer<typeof Leaf>;
const Leaf = z.strictObject({
  field: z.string(),
  key: z.string().optional(),
  op: z.string(),
  values: z.array(z.string()).default([]),
});

/** Reads a tree. */
export const Filter: z.ZodType<Filter> = z.union([
  z.strictObject({
    get all() {
      return z.array(Filter);
    },
  }),
  z.strictObject({
    get any() {
      return z.array(Filter);
    },
  }),
  z.strictObject({
    get not() {
      return Filter;
    },
  }),
  Leaf,
]);

/** Fields that ignore the case of ASCII letters. */
const IDS = ['BillingAccountId', 'SubAccountId', 'SkuId', 'RegionId', 'ResourceId'];

const CLOUDS: readonly (readonly [string, RegExp])[] = [
  ['aws', /^aws$|^aws |amazon/i],
  ['azure', /microsoft|azure/i],
  ['gcp', /^gcp$|google/i],
  ['oci', /^oci$|oracle/i],
];

/** Whether a delivered row passes a filter; every leaf is true or false, never null. */
export function holds(filter: Filter, row: BillRow): boolean {
  if ('all' in filter) return filter.all.every((one) => holds(one, row));
  if ('any' in filter) return filter.any.some((one) => holds(one, row));
  if ('not' in filter) return !holds(filter.not, row);
  return leafHolds(filter, row);
}

/** Whether a filter names Tax outside every `not`: Tax rows are acted on only then (`pricing.md` §5). */
export function namesTax(filter: Filter | undefined): boolean {
  if (filter === undefined || 'not' in filter) return false;
  if ('all' in filter) return filter.all.some(namesTax);
  if ('any' in filter) return filter.any.some(namesTax);
  return filter.field === 'ChargeCategory' && filter.op === 'in' && filter.values.includes('Tax');
}

/** A cell as the rules read it: empty and the text NULL are null. */
export function cellOf(row: BillRow, column: string): string | null {
  const text = row[column];
  return text === undefined || text === '' || text === 'NULL' ? null : text;
}

function leafHolds({ field, key, op, values }: Leaf, row: BillRow): boolean {
  const value = key === undefined ? fieldOf(row, field) : tagOf(row, key);
  if (op === 'exists') return value !== null;
  if (op === 'notExists') return value === null;
  if (value === null) return op === 'notIn';
  const fold = (text: string) =>
    IDS.includes(field) ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
  const [own, others] = [fold(value), values.map(fold)];
  if (op === 'in') return others.includes(own);
  if (op === 'notIn') return !others.includes(own);
  if (op === 'startsWith') return others.some((other) => own.startsWith(other));
  if (op === 'contains') return others.some((other) => own.includes(other));
  if (op === 'wildcard') return others.some((other) => fits(own, other));
  throw new Error(`there is no operator ${op}`);
}

function fieldOf(row: BillRow, field: string): string | null {
  if (field === 'x_CloudProvider') {
    const provider = cellOf(row, 'ProviderName');
    return provider && (CLOUDS.find(([, names]) => names.test(provider))?.[0] ?? 'other');
  }
  const value = cellOf(row, field);
  return field.startsWith('x_Is') ? (value?.toLowerCase() ?? null) : value;
}

function tagOf(row: BillRow, key: string): string | null {
  return tagsOf(row)?.[key] ?? null;
}

/** Tags with text for values: what is not text is its JSON, what is null is not there. */
export function tagsOf(row: BillRow): Record<string, string> | null {
  const text = cellOf(row, 'Tags');
  if (text === null) return null;
  const entries = Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
  return Object.fromEntries(
    entries.flatMap(([key, value]) =>
      value === null ? [] : [[key, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );
}

/** The whole text, where every `*` is any run of characters. */
function fits(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!text.startsWith(first)) return false;
  if (rest.length === 0) return text === first;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
