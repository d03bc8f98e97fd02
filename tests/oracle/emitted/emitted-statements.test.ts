import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { getCosts } from '../../../lib/contracts/costs/get-costs.ts';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { explainRow } from '../../../lib/contracts/rows/explain-row.ts';
import { createRule } from '../../../lib/contracts/rules/create-rule.ts';
import { previewRule } from '../../../lib/contracts/rules/preview-rule.ts';
import { getSettings } from '../../../lib/contracts/settings/get-settings.ts';
import { updateSettings } from '../../../lib/contracts/settings/update-settings.ts';
import { BillingPeriod } from '../../../lib/domain/billing-period.ts';
import type { CommitmentPolicy } from '../../../lib/domain/commitment-policy.ts';
import type { ConfigHistory } from '../../../lib/domain/config-history.ts';
import type { PartnerSettings } from '../../../lib/domain/settings.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { priceAdditions } from '../../../lib/pipeline/price-additions/price-additions.ts';
import { dropDeliveredTable } from '../../../lib/pipeline/split-bill/end-run.ts';
import type { OpenDatabase } from '../../../lib/ports/database.ts';
import type { QueryEngine } from '../../../lib/ports/query-engine.ts';
import { DUCKDB_MACROS } from '../../../lib/sql/duckdb-macros.ts';
import { donePreview } from '../../lib/api/done-preview.ts';
import { openExplainWorld, rowId } from '../../lib/api/explained.ts';
import { openPreviewWorld } from '../../lib/api/published-costs.ts';
import { PERIOD, splittingBills } from '../../lib/pipeline/split-bill/splitting.ts';
import { stored } from '../../lib/rules/stored.ts';
import { CASTS, FUNCTIONS, OWN_FORM, withoutTexts, wordsOf } from '../portable-words.ts';
import type { StatementRecord } from './record-statements.ts';

const { record } = await vi.hoisted(async () => {
  const { StatementRecord } = await import('./record-statements.ts');
  return { record: new StatementRecord() as StatementRecord };
});
vi.mock('../../../lib/adapters/duckdb/open-duckdb.ts', async (original) => {
  const { openDuckdb } = await original<{ readonly openDuckdb: OpenDatabase }>();
  return { openDuckdb: record.open(openDuckdb) };
});
vi.mock('../../../lib/adapters/athena/athena-query-engine.ts', async (original) => {
  const { athenaQueryEngine } = await original<{ readonly athenaQueryEngine: (...given: never[]) => QueryEngine }>();
  return { athenaQueryEngine: (...given: never[]) => record.engine(athenaQueryEngine(...given)) };
});

const PROJECT = join(import.meta.dirname, '../../..');
const COMPUTE = { field: 'ServiceName', op: 'in', values: ['Compute'] };
const RULES = [
  { type: 'adjust_to_list', offsetPercent: '10', filter: { ...COMPUTE, op: 'matches', values: ['^Comp'] } },
  { type: 'rerate', base: 'list_cost', offsetPercent: '-5' },
  { type: 'operating_margin', base: 'absolute_credits', percent: '10' },
  { type: 'back_out', filter: { field: 'Tags', key: 'env', op: 'wildcard', values: ['dev*'] } },
  { type: 'adjustment', percentShown: '75' },
  { type: 'fixed_rate', rate: '0.25', pricingUnit: 'Hours' },
  {
    type: 'tiered_rate',
    tiers: [
      { from: '0', rate: '1' },
      { from: '5', rate: '0.5' },
    ],
    pricingUnit: 'GB',
    aggregate: 'customer',
  },
  { type: 'charge', amount: '300', serviceName: 'Support' },
  { type: 'credit', amount: '20', serviceName: 'Support', frequency: 'monthly' },
  { type: 'percentage_charge', percent: '3', minimum: '1', filter: COMPUTE },
] as const;
const APRIL = BillingPeriod.parse('2025-04');
const EVERY = { startDate: '2025-01-01', customers: 'all' };
const NOTHING_BY_NAME = { field: 'ServiceName', op: 'in', values: ['Compuet'] };
const NOTHING_BY_TAG = { field: 'Tags', key: 'evn', op: 'in', values: ['prod'] };
const PRECEDENCES: readonly PartnerSettings['precedence'][] = ['first_match', 'independent', 'sequential'];
const POLICIES: readonly CommitmentPolicy[] = [
  { policy: 'share', percent: '50' },
  { policy: 'pass_through' },
  { policy: 'allocate' },
];

/** A bill as text that is wide enough to be converted in file order: more columns than DuckDB keeps in order by itself. */
function bill(period: BillingPeriod): string {
  const row = {
    ...{
      BillingCurrency: 'USD',
      BillingPeriodStart: `${period}-01T00:00:00Z`,
      ChargePeriodStart: `${period}-05T00:00:00Z`,
    },
    ...{ ChargeCategory: 'Usage', BilledCost: '1.25', ContractedCost: '1.25', EffectiveCost: '1.25', ListCost: '2' },
    ...{ PricingQuantity: '7', PricingUnit: 'GB', ProviderName: 'AWS', SubAccountId: '1', ServiceName: 'Compute' },
    ...{ CommitmentDiscountId: '', CommitmentDiscountStatus: '', Tags: '' },
    ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`x_Column${at}`, '1'])),
  };
  const rows = [
    {},
    { ChargeCategory: 'Credit', BilledCost: '-3' },
    { PricingUnit: 'Hours' },
    { CommitmentDiscountId: 'sp-1', CommitmentDiscountStatus: 'Used' },
    { CommitmentDiscountId: 'sp-1', CommitmentDiscountStatus: 'Unused', SubAccountId: '9' },
    { SubAccountId: '2' },
    { SubAccountId: '' },
  ];
  const lines = rows.map((change) => Object.values({ ...row, ...change }).join(','));
  return `${[Object.keys(row).join(','), ...lines].join('\n')}\n`;
}

/** What files are read and written with, and rows made of what Athena has split. */
const OF_FILES = {
  delivered: ['chr', 'count_if', 'json_type', 'json_valid', 'min', 'read_parquet', 'try', 'try_cast', 'year'],
  split: [
    ...['as json', 'json_keys', 'lambda', 'len', 'list_distinct', 'list_filter', 'list_position', 'list_reverse'],
    ...['map', 'map_entries', 'map_from_entries', 'read_parquet'],
  ],
  results: ['GROUP BY ALL', 'as date', 'concat_ws', 'md5_number', 'min', 'read_json', 'read_parquet', 'strftime'],
};
/** The second closed list: what a module says beside the portable subset. `UNLOAD` is Athena's, all else is DuckDB's. */
const BEYOND_THE_SUBSET: Readonly<Record<string, readonly string[]>> = {
  'lib/api/rules/closest-values.ts': ['levenshtein_distance'],
  'lib/api/rules/priced-preview.ts': ['read_parquet'],
  'lib/pipeline/price-additions/corrections/correction-sums.ts': ['read_parquet'],
  'lib/pipeline/price-additions/corrections/kept-corrections.ts': ['read_parquet'],
  'lib/pipeline/price-additions/corrections/price-published.ts': ['read_parquet'],
  'lib/pipeline/price-additions/measure-bases.ts': ['read_parquet'],
  'lib/pipeline/price-additions/write-additions.ts': ['GROUP BY ALL', 'read_parquet'],
  'lib/pipeline/receive-bill/describe-file.ts': OF_FILES.delivered,
  'lib/pipeline/receive-bill/in-file-order.ts': ['current_setting'],
  'lib/pipeline/receive-bill/text-to-parquet.ts': ['copy', 'read_csv'],
  'lib/pipeline/split-bill/load-commitments.ts': OF_FILES.split,
  'lib/pipeline/split-bill/measure-results.ts': OF_FILES.results,
  'lib/pipeline/split-bill/read-written-totals.ts': ['ANTI JOIN', 'min'],
  'lib/pipeline/split-bill/shard-rows.ts': [...OF_FILES.split, 'SEMI JOIN', 'format', 'hash', 'min'].sort(),
  'lib/pipeline/split-bill/split-bill.ts': ['unload'],
  'lib/pipeline/split-bill/write-results.ts': ['EXCLUDE', 'copy', 'exclude'],
};

describe('Every statement that the product gives DuckDB and Athena', () => {
  const splitting = splittingBills();
  const closing: (() => Promise<unknown>)[] = [];
  afterAll(() => Promise.all(closing.map((close) => close())));

  beforeAll(async () => {
    for (const [at, precedence] of PRECEDENCES.entries())
      await delivered(precedence, POLICIES[at] ?? { policy: 'retain' });
    await previewed();
    await explained();
  }, 600_000);

  /** From files to published results, additions and corrections of a closed month among them. */
  async function delivered(precedence: PartnerSettings['precedence'], commitments: CommitmentPolicy) {
    const world = await splitting();
    world.assign('1', 'a');
    world.assign('2', 'b');
    world.assign('9', 'partner');
    world.rules = stored(...RULES);
    world.settings = { precedence, commitments, currency: 'USD' };
    const additionsOf = async (period: BillingPeriod, closed: ConfigHistory['closed'] = {}) => {
      const history = async () => ({ ...(await world.world.config.history()), closed });
      const deps = { ...world.world, config: { ...world.world.config, history } };
      const { outcome } = await priceAdditions(deps)({ ask: 'price-additions', period });
      expect(outcome).toBe('published');
    };
    const isCorrected = precedence === 'sequential';
    for (const period of isCorrected ? [PERIOD, APRIL] : [PERIOD]) {
      await world.deliver(`${precedence}-${period}.csv`, bill(period));
      const run = await world.split({}, world.want(period));
      expect(run.outcome).toBe('published');
      await dropDeliveredTable(world.world, run.runId);
    }
    await additionsOf(PERIOD);
    if (!isCorrected) return;
    // March is closed and corrected by a later configuration; April carries the difference, and is closed with it.
    const config = await world.world.config.read();
    const [march, later] = [LAKE.frozenConfig(PERIOD, 'closed'), LAKE.frozenConfig(PERIOD, 'later')];
    await world.lake.writeText(march, JSON.stringify(config));
    const rules = stored(...RULES.toReversed());
    await world.lake.writeText(later, JSON.stringify({ ...config, revision: 2, rules }));
    const at = '2025-05-01T00:00:00Z';
    const corrected = { at, revision: 1, key: march, corrections: { [APRIL]: { at, revision: 2, key: later } } };
    await additionsOf(APRIL, { [PERIOD]: corrected });
    await additionsOf(APRIL, { [PERIOD]: corrected, [APRIL]: { at, revision: 2, key: later } });
  }

  /** Rules before all others under each precedence, and two that match nothing, by a value and by a tag's key. */
  async function previewed() {
    const world = await openPreviewWorld();
    closing.push(world.close);
    const { id } = (await world.api.call(createCustomer, { body: { name: 'Contoso' } })).body;
    for (const [at, rule] of RULES.entries())
      await world.api.call(createRule, { body: { ...EVERY, name: `Rule ${at}`, ...rule } });
    const row = { x_Owner: id, ServiceName: 'Compute', BilledCost: '1', ListCost: '2', Tags: { env: 'prod' } };
    const rows = [
      { ...row, x_RowId: '1' },
      { ...row, x_RowId: '2', CommitmentDiscountId: 'sp-1', CommitmentDiscountStatus: 'Used', EffectiveCost: '1' },
    ];
    await world.publish({ integration: 'aws-main', period: PERIOD, rows });
    for (const [at, precedence] of PRECEDENCES.entries()) {
      const { body, etag } = await world.api.call(getSettings);
      const { version, ...settings } = body;
      const change = { precedence, commitments: POLICIES[at], currency: 'USD' };
      await world.api.call(updateSettings, { body: { ...settings, ...change }, ifMatch: etag });
      for (const filter of at === 0 ? [COMPUTE, NOTHING_BY_NAME, NOTHING_BY_TAG] : [COMPUTE]) {
        const rule = { ...EVERY, name: 'Draft', type: 'rerate', base: 'billed_cost', offsetPercent: '-10', filter };
        const groupBy = ['service', 'usage_type', 'operation'];
        donePreview((await world.api.call(previewRule, { body: { rule, order: 1, groupBy } })).body);
      }
    }
  }

  /** Rows told to the partner and to its customer, and a customer's costs. */
  async function explained() {
    const world = await openExplainWorld();
    closing.push(world.close);
    const row = { x_RowId: rowId(1), ServiceName: 'Compute', BilledCost: '1', ListCost: '2', Tags: { env: 'prod' } };
    await world.publish({ rows: [row], rules: RULES, period: PERIOD });
    const params = { rowId: rowId(1) };
    await world.api.call(explainRow, { params });
    await world.api.call(explainRow, { params, as: 'user-of-T1' });
    for (const groupBy of ['service', 'sub_account', 'day'])
      await world.api.call(getCosts, { query: { period: PERIOD, groupBy, customerId: world.T1.id } });
  }

  test('is seen: each module that gives any has given some', () => {
    const asking = /\b(?!engine\.rows\()\w+\.(?:run|rows|query)\(/;
    const modules = globSync('lib/**/*.ts', { cwd: PROJECT }).filter(
      (module) => !module.startsWith('lib/adapters/') && asking.test(readFileSync(join(PROJECT, module), 'utf8')),
    );
    expect(modules.length).toBeGreaterThan(15);
    expect([...new Set(record.emitted.map(({ module }) => module))].sort()).toEqual(modules.sort());
  });

  test('is of the portable subset, but for what is named of modules', () => {
    const beyond = [...Map.groupBy(record.emitted, ({ module }) => module)].map(([module, given]) => {
      const words = given.filter(({ statement }) => !DUCKDB_MACROS.includes(statement)).flatMap(beyondTheSubset);
      return [module, [...new Set(words)].sort()] as const;
    });
    expect(Object.fromEntries(beyond.filter(([, words]) => words.length > 0))).toEqual(BEYOND_THE_SUBSET);
  });
});

/** Functions, casts and forms of a statement that DuckDB and Trino do not read alike. */
function beyondTheSubset({ statement }: StatementRecord['emitted'][number]): readonly string[] {
  const bare = withoutTexts(statement);
  const { functions, casts } = wordsOf(bare.replaceAll(/\b(TABLE|INTO|AS) (\w+) \(/g, '$1 $2 ['));
  const forms = bare.match(new RegExp(OWN_FORM, 'g')) ?? [];
  return [
    ...functions.filter((name) => !FUNCTIONS.includes(name)),
    ...casts.filter((type) => !CASTS.includes(type)).map((type) => `as ${type}`),
    ...forms,
  ];
}
