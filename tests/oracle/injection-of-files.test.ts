import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import { BillingPeriod } from '../../lib/domain/billing-period.ts';
import { Day } from '../../lib/domain/day.ts';
import { RunId } from '../../lib/domain/ids.ts';
import { FOCUS_COLUMNS } from '../../lib/focus/columns.ts';
import { columnsOf, describeFiles } from '../../lib/pipeline/receive-bill/describe-file.ts';
import { csvToParquet, parquetAsText } from '../../lib/pipeline/receive-bill/text-to-parquet.ts';
import type { Database } from '../../lib/ports/database.ts';
import { importPriceBook } from '../../lib/rule-import/cloudhealth/import-price-book.ts';
import { importVantageRules } from '../../lib/rule-import/vantage/import-billing-rules.ts';
import { createDeliveredTable } from '../../lib/sources/create-delivered-table.ts';
import { measureStatement } from '../../lib/sources/measure-statement.ts';
import { splitSelect } from '../../lib/sources/split-select.ts';
import { stored } from '../lib/rules/stored.ts';
import { hostilePattern, hostileText, withoutTexts } from './hostile-text.ts';
import { Random } from './random.ts';
import { statementsOf } from './statements.ts';

const TEXTS = 100_000;
const COLUMNS = 400;
const PERIOD = BillingPeriod.parse('2025-03');
const RUN = RunId.parse(`run_${'0'.repeat(40)}`);
const FOCUS = Object.keys(FOCUS_COLUMNS);

/** A statement with every literal and every quoted name made the same. */
function withoutNames(statement: string): string {
  // Literals and names in one pass: either may hold the other's quotes.
  return statement.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (quoted) => (quoted.startsWith("'") ? "''" : 'q'));
}

/** Names of columns that are no two the same, whatever their case. */
function namesOf(text: () => string): readonly string[] {
  const names = new Map<string, string>();
  while (names.size < COLUMNS) {
    const name = text();
    // A reader of CSV ends a header at a line break, quoted or not, and takes the text's ends off.
    if (name.trim() !== name || name === '' || FOCUS.some((known) => known.toLowerCase() === name.toLowerCase()))
      continue;
    names.set(name.toLowerCase(), name);
  }
  return [...names.values()];
}

/** Every statement that a delivery's columns and keys go into, on a database that only listens. */
async function statementsOfDelivery(folder: string, names: readonly string[], key: string): Promise<readonly string[]> {
  const given: string[] = [];
  const listening: Database = {
    run: async (statement) => void given.push(statement),
    rows: async (statement) => {
      given.push(statement);
      return [];
    },
    another: async () => listening,
    close: () => {},
  };
  const all = [...FOCUS, ...names];
  const csv = join(folder, 'bill.csv');
  writeFileSync(csv, `${all.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`);
  const parquet = join(folder, 'bill.parquet');
  await csvToParquet(listening, { name: key, csv, parquet });
  const columns = all.map((name, at) => ({ name, type: at % 3 === 0 ? 'VARCHAR' : 'STRUCT(a INTEGER)' }));
  await parquetAsText(listening, { name: key, delivered: parquet, columns, parquet });
  await columnsOf(listening, { name: key, path: parquet });
  const texts = all.map((name) => ({ name, type: 'VARCHAR' }));
  const file = { name: key, path: parquet, ofText: true };
  await describeFiles(listening, [file], texts);
  const bill = { columns: texts };
  return [
    ...given,
    createDeliveredTable({ bill, tableName: 'bill', location: 's3://lake/list/' }),
    measureStatement({ bill, tableName: 'bill', period: PERIOD }),
    splitSelect({ bill, tableName: 'bill', runId: RUN, period: PERIOD, unassignedShard: 0 }),
  ];
}

describe('What a delivery says', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'apportion-injection-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test(`is quoted and nothing else, ${TEXTS} hostile names of columns and as many keys as bills`, async () => {
    const random = new Random(8);
    const line = () => hostileText(random).replaceAll(/[\r\n]/g, ' ');
    const words = Array.from({ length: COLUMNS }, (_, at) => `c${at}`);
    const plain = (await statementsOfDelivery(folder, words, 'key')).map(withoutNames);
    expect(plain.length).toBeGreaterThan(8);
    for (let texts = 0; texts < TEXTS; texts += COLUMNS) {
      const found = await statementsOfDelivery(folder, namesOf(line), hostileText(random));
      expect(found.map(withoutNames)).toEqual(plain);
    }
  }, 300_000);

  test('leaves the canary alone, and the Parquet has the very names', async () => {
    const random = new Random(9);
    const database = await openDuckdb({ folder, memoryMegabytes: 512, threads: 1 });
    await database.run("CREATE TABLE canary AS SELECT 'alive' AS state");
    const names = namesOf(() => hostileText(random).replaceAll(/[\r\n]/g, ' ')).slice(0, 80);
    const [csv, parquet] = [join(folder, 'run.csv'), join(folder, 'run.parquet')];
    const all = [...FOCUS, ...names];
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    writeFileSync(csv, `${all.map(quoted).join(',')}\n${all.map(quoted).join(',')}\n`);
    await csvToParquet(database, { name: "it's; DROP TABLE canary --", csv, parquet });
    const described = await columnsOf(database, { name: 'key', path: parquet });
    expect(described.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    expect(await database.rows('SELECT state FROM canary')).toEqual([{ state: 'alive' }]);
    database.close();
  });
});

/** Statements of the rules that both forms of import make of files with these texts. */
function statementsOfImports(text: () => string, pattern: () => string): readonly string[] {
  const options = { customers: 'all' as const, startDate: Day.parse('2025-03-01'), pricingUnit: text() };
  const cell = () => `"${xml(text())}"`;
  const product = () =>
    `<Product productName=${cell()}><UsageType name=${cell()}/><Operation name=${cell()}/><Region name=${cell()}/>` +
    `<RecordType name=${cell()}/><InstanceProperties instanceType=${cell()} instanceSize=${cell()} reserved="true"/>` +
    `<LineItemDescription startsWith=${cell()} contains=${cell()} matchesRegex="${xml(pattern())}"/></Product>`;
  const priced = ['percentDiscount', 'percentIncrease', 'fixedRate'].map(
    (type) =>
      `<BillingRule name=${cell()}><BasicBillingRule billingAdjustment="5" billingRuleType="${type}"/>${Array.from({ length: 14 }, product).join('')}</BillingRule>`,
  );
  const payers = xml(text().replaceAll(/[,\s]/g, '') || "'");
  const book = `<CHTBillingRules date="2025-03-01" createdBy=${cell()}><RuleGroup startDate="2025-03-01" payerAccounts="${payers}">${priced.join('')}</RuleGroup></CHTBillingRules>`;
  const added = () => ({ title: text(), service: text(), category: text(), sub_category: text(), amount: '1' });
  const rules = Array.from({ length: 10 }, () => [
    { type: 'exclusion', title: text(), charge_type: text() },
    { type: 'adjustment', title: text(), percentage: '75', service: text(), category: 'Data Transfer' },
    { type: 'charge', ...added() },
    { type: 'credit', ...added() },
  ]).flat();
  const imported = [
    importPriceBook(book, options),
    importVantageRules(JSON.stringify({ billing_rules: rules }), options),
  ];
  return statementsOf(stored(...imported.flatMap((one) => one.rules)));
}

function xml(text: string): string {
  return text.replaceAll(/[&<>"'\n\r\t]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

describe('What a file of rules says that is imported', () => {
  test('is a literal and nothing else, 20,000 hostile texts through every field of a price book and of Vantage’s rules', () => {
    const random = new Random(10);
    const plain = statementsOfImports(
      () => 'a',
      () => 'a',
    ).map(withoutTexts);
    let texts = 0;
    const counted = (make: typeof hostileText) => (): string => {
      const text = make(random);
      // XML has no way to write most control characters: such a file is refused.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they are
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text) || !text.isWellFormed())
        return counted(make)();
      texts += 1;
      return text;
    };
    while (texts < 20_000) {
      const found = statementsOfImports(counted(hostileText), counted(hostilePattern));
      expect(found).toHaveLength(plain.length);
      expect(found.map(withoutTexts).every((statement, at) => statement === plain[at])).toBe(true);
    }
  }, 300_000);
});
