import { describe, expect, test } from 'vitest';
import { costsStatement } from '../../lib/api/costs/costs-statement.ts';
import {
  chargedStatement,
  deliveredStatement,
  tagsStatement,
  waterfallStatement,
} from '../../lib/api/rows/row-statements.ts';
import {
  groupsStatement,
  matchedStatement,
  waterfallStatement as previewedWaterfall,
} from '../../lib/api/rules/preview-statements.ts';
import { BillingPeriod } from '../../lib/domain/billing-period.ts';
import { CustomerId, RunId } from '../../lib/domain/ids.ts';
import { Precedence } from '../../lib/domain/settings.ts';
import { FOCUS_COLUMNS } from '../../lib/focus/columns.ts';
import { percentageRulesInOrder } from '../../lib/rules/added-rows.ts';
import type { CommitmentPolicies } from '../../lib/rules/commitments/commitment-policies.ts';
import { commitmentRowsSelect, commitmentSharesSelect } from '../../lib/rules/commitments/commitment-shares.ts';
import { rowRulesInOrder } from '../../lib/rules/compile-rules.ts';
import { percentageBasesSelect } from '../../lib/rules/percentage-bases.ts';
import { measureStatement } from '../../lib/sources/measure-statement.ts';
import { splitSelect } from '../../lib/sources/split-select.ts';
import { sql } from '../../lib/sql/sql.ts';
import { IMPLEMENTED, storedRule } from './product.ts';
import { randomCase } from './random-case.ts';
import { statementsOf } from './statements.ts';

/** Functions and what is written like one. `customer_tags` and `text_sha256` are macros of ours (`lib/sql/duckdb-macros.ts`). */
const FUNCTIONS: readonly string[] = [
  ...['abs', 'array_remove', 'cardinality', 'cast', 'coalesce', 'contains', 'count', 'customer_tags'],
  ...['decimal', 'element_at', 'from_base', 'from_iso8601_timestamp', 'length', 'lower', 'lpad', 'map_keys'],
  ...['max', 'max_by', 'md5', 'min_by', 'nullif', 'regexp_like', 'replace', 'round'],
  ...['row_number', 'rpad', 'split_part', 'starts_with', 'strpos', 'substr', 'sum', 'text_sha256'],
  ...['timestamp', 'to_hex', 'to_utf8', 'translate', 'unnest'],
];

/** Relations that are written with the list of their columns. */
const RELATIONS = new Set([
  'customers',
  'numbers',
  'part_of',
  'places',
  'policies',
  'rules',
  'tags',
  'terms',
  'tier_bounds',
]);

const CASTS: readonly string[] = [
  ...['bigint', 'decimal(10,0)', 'decimal(10,10)', 'decimal(10,6)', 'decimal(28,12)', 'decimal(38,0)'],
  ...['decimal(38,12)', 'decimal(38,18)', 'decimal(38,22)', 'decimal(38,36)', 'integer', 'timestamp'],
  ...['timestamp(3)', 'varchar'],
];

/** Names before a parenthesis that are no function. */
const GRAMMAR = new Set([
  'in',
  'as',
  'and',
  'or',
  'not',
  'when',
  'then',
  'else',
  'from',
  'join',
  'on',
  'values',
  'over',
  'by',
  'where',
  'select',
  'using',
  'filter',
  'exists',
  'distinct',
  'all',
  'union',
  'end',
  'case',
  'with',
]);

/** Every function of a statement, and every type that it casts to, in lower case. */
function wordsOf(statement: string): { readonly functions: readonly string[]; readonly casts: readonly string[] } {
  const bare = statement.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/"[^"]*"/g, 'q');
  const called = [...bare.matchAll(/\b([a-z_][a-z0-9_]*)\s*\(/gi)].map(([, name = '']) => name.toLowerCase());
  const casts = [...bare.matchAll(/\bAS ((?:DECIMAL|TIMESTAMP)\([0-9,]+\)|[A-Z]{2,})\)/gi)].map(
    ([, type = '']) => type,
  );
  return {
    functions: called.filter((name) => !GRAMMAR.has(name) && !RELATIONS.has(name)),
    casts: casts.map((type) => type.toLowerCase()),
  };
}

/** Columns of the delivery that measure and split are written for, as text and as types. */
const BILLS = ['VARCHAR', 'DOUBLE'].map((number) => ({
  columns: Object.entries(FOCUS_COLUMNS).map(([name, type]) => ({
    name,
    type: type === 'money' || type === 'price' || type === 'quantity' ? number : 'VARCHAR',
  })),
}));

const PERIOD = BillingPeriod.parse('2025-03');
const PLACE = { rowId: `${'0'.repeat(32)}-0`, owners: ['unassigned'], periods: [PERIOD] };
const CUSTOMER = CustomerId.parse('cus_000000000000');
const POLICIES: CommitmentPolicies = new Map([[CUSTOMER, { policy: 'share', percent: '50' }]]);
const EMITTED = [
  ...(['service', 'sub_account', 'day'] as const).map((groupBy) => costsStatement(CUSTOMER, PERIOD, groupBy)),
  commitmentRowsSelect(POLICIES, sql`delivered`),
  commitmentSharesSelect(),
  ...Array.from({ length: 20 }, (_, number) => randomCase(1, number, IMPLEMENTED)).flatMap(({ rules }) => {
    const percentages = percentageRulesInOrder(rules.map(storedRule));
    return percentages.length === 0 ? [] : [percentageBasesSelect(percentages)];
  }),
  ...[deliveredStatement, tagsStatement, waterfallStatement, chargedStatement].map((statement) => statement(PLACE)),
  ...BILLS.flatMap((bill) => [
    measureStatement({ bill, tableName: 'bill', period: PERIOD }),
    splitSelect({
      ...{ bill, tableName: 'bill', period: PERIOD, unassignedShard: 0 },
      runId: RunId.parse(`run_${'0'.repeat(40)}`),
    }),
  ]),
  ...Array.from({ length: 60 }, (_, number) => randomCase(1, number, IMPLEMENTED)).flatMap(({ rules }) =>
    statementsOf(rules.map(storedRule)),
  ),
  ...Precedence.options.flatMap((precedence) => [
    groupsStatement({ precedence, watched: 1, negatives: 'watched', groupBy: ['service', 'usage_type', 'operation'] }),
    previewedWaterfall('SELECT * FROM waterfall'),
  ]),
  ...Array.from({ length: 20 }, (_, number) => randomCase(1, number, IMPLEMENTED)).flatMap(({ rules }) => {
    const acting = rowRulesInOrder(rules.map(storedRule));
    return acting.length === 0 ? [] : [matchedStatement(acting)];
  }),
];

describe('The SQL of measure, split, commitments, compiled rules, waterfall, ledger, bases of percentages, costs, explained rows and previews', () => {
  const words = EMITTED.map(wordsOf);

  test('calls a closed list of functions, which DuckDB and Trino read alike', () => {
    expect([...new Set(words.flatMap(({ functions }) => functions))].sort()).toEqual(FUNCTIONS);
  });

  test('casts to a closed list of types', () => {
    expect([...new Set(words.flatMap(({ casts }) => casts))].sort()).toEqual(CASTS);
  });

  test('has no division, no DECIMAL literal and none of DuckDB’s own forms', () => {
    for (const statement of EMITTED) {
      const bare = statement.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/"[^"]*"/g, 'q');
      expect(/\/|::|DECIMAL ''|\bEXCLUDE\b|\bQUALIFY\b|\bILIKE\b|GROUP BY ALL/.exec(bare)?.[0]).toBeUndefined();
    }
  });
});
