import { projectedDates } from './date-projection.ts';
import type { GlueTable } from './glue-table.ts';
import { mayMatch, staticValues } from './partition-condition.ts';
import { QueryFailure } from './query-failure.ts';
import type { TableReference } from './table-reference.ts';

/** One partition: the text of each partition column, in the table's order, and where its files lie. */
export interface Partition {
  readonly values: ReadonlyMap<string, string>;
  /** `s3://bucket/prefix`. */
  readonly location: string;
}

/** 1,000,000 is far above what a query can read and low enough to say so at once. */
const PARTITIONS_MAX = 1_000_000;

function projectedIntegers(settings: (name: string) => string | undefined): readonly string[] {
  const [from = Number.NaN, to = Number.NaN] = (settings('range') ?? '').split(',').map(Number);
  const step = Number(settings('interval') ?? 1);
  if (!(to - from < PARTITIONS_MAX * step)) throw new QueryFailure('INVALID_TABLE_PROPERTY', 'integer range');
  const digits = Number(settings('digits') ?? 0);
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) =>
    String(from + i * step).padStart(digits, '0'),
  );
}

function injected(reference: TableReference, column: string): readonly string[] {
  const values = staticValues(reference, column);
  if (!values)
    throw new QueryFailure(
      'CONSTRAINT_VIOLATION',
      `For the injected projected partition column ${column}, the WHERE clause must contain only static equality conditions, and at least one such condition must be present.`,
    );
  return values;
}

function candidates(table: GlueTable, reference: TableReference, column: string, now: Date): readonly string[] {
  const settings = (name: string) => table.parameters[`projection.${column}.${name}`];
  switch (settings('type')?.toLowerCase()) {
    case 'injected':
      return injected(reference, column);
    case 'date':
      return projectedDates(settings, now);
    case 'enum':
      return (settings('values') ?? '').split(',').map((value) => value.trim());
    case 'integer':
      return projectedIntegers(settings);
    default:
      throw new QueryFailure('INVALID_TABLE_PROPERTY', `projection.${column}.type of ${table.name}`);
  }
}

function locationOf(table: GlueTable, values: ReadonlyMap<string, string>): string {
  const template = table.parameters['storage.location.template'];
  if (template) return template.replace(/\$\{([^}]+)\}/g, (_, name: string) => values.get(name.toLowerCase()) ?? '');
  const folders = [...values].map(([column, value]) => `${column}=${value}/`).join('');
  return `${table.storageDescriptor.location.replace(/\/?$/, '/')}${folders}`;
}

/**
 * The partitions a mention of a table has to look at, as partition projection finds them: no catalogue is asked, every
 * value the properties allow and the conditions do not exclude is one.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
 *
 * A partitioned table without projection has none: the stand-in keeps no partitions (no MSCK REPAIR).
 *
 * @throws QueryFailure CONSTRAINT_VIOLATION for an injected column without a value
 */
export function projectedPartitions(table: GlueTable, reference: TableReference, now: Date): readonly Partition[] {
  if (table.partitionKeys.length === 0) return [{ values: new Map(), location: table.storageDescriptor.location }];
  if (table.parameters['projection.enabled']?.toLowerCase() !== 'true') return [];
  let tuples: ReadonlyMap<string, string>[] = [new Map()];
  for (const { name } of table.partitionKeys) {
    const values = candidates(table, reference, name, now);
    if (tuples.length * values.length > PARTITIONS_MAX)
      throw new QueryFailure(
        'HIVE_EXCEEDED_PARTITION_LIMIT',
        `more than ${PARTITIONS_MAX} partitions of ${table.name}`,
      );
    tuples = tuples
      .flatMap((tuple) => values.map((value) => new Map([...tuple, [name, value]])))
      .filter((tuple) => mayMatch(reference, tuple));
  }
  return tuples.map((values) => ({ values, location: locationOf(table, values) }));
}
