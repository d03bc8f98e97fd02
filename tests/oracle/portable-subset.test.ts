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
import { CASTS, FUNCTIONS, OWN_FORM, withoutTexts, wordsOf } from './portable-words.ts';
import { IMPLEMENTED, storedRule } from './product.ts';
import { randomCase } from './random-case.ts';
import { statementsOf } from './statements.ts';

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
      const bare = withoutTexts(statement);
      expect(OWN_FORM.exec(bare)?.[0]).toBeUndefined();
    }
  });
});
