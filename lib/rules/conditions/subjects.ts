import type { Condition, Leaf } from '../../domain/condition.ts';
import { type ColumnField, ID_FIELDS } from '../../domain/filter-field.ts';
import { foldAsciiCase, foldedAsciiCase } from '../../sql/fold-case.ts';
import { identifiers } from '../../sql/identifiers.ts';
import { type Sql, sql } from '../../sql/sql.ts';
import { deliveredColumn } from '../delivered-columns.ts';
import { leavesOf } from './leaves.ts';
import { patternForSql } from './patterns.ts';

/** What the leaves of some filters read, computed once per row and not once per leaf. */
export interface Subjects {
  /** Columns to select beside a row's own: ids with their case folded, tags by key. */
  readonly computed: readonly Sql[];
  /** What a leaf compares. */
  read(leaf: Leaf): Sql;
}

/** Collects the subjects of filters. Tags are numbered, since a key is the user's text and no column's name. */
export function subjectsOf(filters: readonly Condition[]): Subjects {
  const leaves = filters.flatMap((filter) => leavesOf(filter)).map(({ leaf }) => leaf);
  const ids = [
    ...new Set(leaves.map(({ field }) => field).filter((field) => field !== 'Tags' && ID_FIELDS.has(field))),
  ];
  const keys = [...new Set(leaves.flatMap((leaf) => (leaf.field === 'Tags' ? [leaf.key] : [])))];
  const alias = identifiers([...ids.map(foldedName), ...keys.map((_, at) => tagName(at))]);
  return {
    computed: [
      ...ids.map((field) => sql`${foldAsciiCase(deliveredColumn(field))} AS ${alias(foldedName(field))}`),
      ...keys.map((key, at) => sql`element_at(${deliveredColumn('Tags')}, ${key}) AS ${alias(tagName(at))}`),
    ],
    read: (leaf) => {
      if (leaf.field === 'Tags') return alias(tagName(keys.indexOf(leaf.key)));
      return ID_FIELDS.has(leaf.field) ? alias(foldedName(leaf.field)) : deliveredColumn(leaf.field);
    },
  };
}

/** A leaf's values as they are compared: those of ids with their case folded too, patterns in the engines' form. */
export function comparedValues(leaf: Leaf): readonly string[] {
  if (!('values' in leaf)) return [];
  if (leaf.op === 'matches') return leaf.values.map((value) => patternForSql(value, ignoresCase(leaf)));
  return ignoresCase(leaf) ? leaf.values.map(foldedAsciiCase) : leaf.values;
}

/** Whether a leaf compares without regard to the case of ASCII letters. */
export function ignoresCase(leaf: Leaf): boolean {
  return leaf.field !== 'Tags' && ID_FIELDS.has(leaf.field);
}

function foldedName(field: ColumnField | 'Tags'): string {
  return `x_Folded${field}`;
}

function tagName(at: number): string {
  return `x_Tag${at + 1}`;
}
