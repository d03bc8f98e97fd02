import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from '../../infra/cli/figures/summary.ts';
import { HOSTILE_TEXTS } from '../lib/rules/hostile-texts.ts';
import { billRow, costs } from './bill-row.ts';
import { csvOf } from './csv.ts';
import { openProduct, type Product } from './open-product.ts';
import type { TextRow } from './parquet-rows.ts';
import { publishedRowsOf } from './published-rows-of.ts';
import { holds } from './row-by-row/filter-holds.ts';

/** Texts that a cell can hold: empty and `NULL` are null there. Very long ones and mixtures come last. */
const TEXTS = [
  ...HOSTILE_TEXTS.filter((text) => text !== '' && text !== 'NULL'),
  `${'x'.repeat(4_000)}'`,
  '表"\\\'`\n'.repeat(500),
  `{"a":"'\\"","b":[null]}`,
  `"quoted", with a comma\r\nand a line`,
];

/** Every ninth text is also a customer's name, a sub account's id and name, and a rule's name. */
const NAMES = TEXTS.filter((text, index) => index % 9 === 0 && text.length <= 200);
/** A tag's key has a limit of its own. */
const keyOf = (text: string) => text.slice(0, 1_000);
const nameOf = (index: number) => NAMES[index % NAMES.length] ?? '';

/** Rules of one more customer that ask one thing each: what matches too much takes another row's place. */
const LOOSE = { name: 'Loose', account: 'loose' };
const LOOSE_RULES = TEXTS.filter((text, index) => index % 3 === 1 && text.length < 100).map((text, index) => ({
  offsetPercent: String(1_000 + index),
  filter: { field: 'SkuMeter', op: ['contains', 'wildcard', 'startsWith', 'in'][index % 4] ?? '', values: [text] },
}));

describe('A hundred hostile texts on the way from the bill through the rules to the ledger', () => {
  let product: Product;
  let summary: Summary;
  const ledger = new Map<string, TextRow>();

  beforeAll(async () => {
    product = await openProduct();
    const customers = await product.configure({
      partner: { name: `Acme's "Cloud" \\ {% %} \${x}` },
      customers: [
        ...NAMES.map((name) => ({ name, subAccounts: [name] })),
        { name: LOOSE.name, subAccounts: [LOOSE.account] },
      ],
      rules: [
        ...TEXTS.map((text, index) => ({
          ...{ name: nameOf(index), type: 'rerate', base: 'billed_cost', offsetPercent: String(index + 1) },
          ...{ startDate: '2025-01-01', customers: NAMES },
          filter: {
            all: [
              { field: 'SkuMeter', op: 'in', values: [text] },
              { field: 'ServiceName', op: 'startsWith', values: [text] },
              { field: 'ServiceName', op: 'contains', values: [text] },
              { field: 'Tags', key: keyOf(text), op: 'in', values: [text] },
              { not: { field: 'ChargeDescription', op: 'notIn', values: [`about ${text}`] } },
            ],
          },
        })),
        {
          ...{ name: 'nothing is left for it', type: 'back_out', startDate: '2025-01-01', customers: NAMES },
          filter: { field: 'SkuMeter', op: 'exists' },
        },
        ...LOOSE_RULES.map((rule) => ({
          ...{ name: 'loose', type: 'rerate', base: 'billed_cost', startDate: '2025-01-01', customers: [LOOSE.name] },
          ...rule,
        })),
      ],
    });
    await product.connect('hostile');
    const rows = TEXTS.map((text, index) =>
      billRow({
        ...costs('100', { ListCost: undefined }),
        ChargeDescription: `about ${text}`,
        ResourceId: `r-${index}`,
        ResourceName: text,
        ServiceName: text,
        SkuMeter: text,
        SubAccountId: nameOf(index),
        SubAccountName: nameOf(index + 1),
        Tags: JSON.stringify({ [keyOf(text)]: text }),
      }),
    );
    const loose = TEXTS.map((text, index) =>
      billRow({ ...costs('100'), ResourceId: `loose-${index}`, SkuMeter: text, SubAccountId: LOOSE.account }),
    );
    await product.receive('hostile', 'march.csv', csvOf([...rows, ...loose]));
    summary = await product.published();
    for (const owner of customers.values())
      for (const row of await publishedRowsOf(product.machine, { table: 'customer_charges', owner }))
        ledger.set(row.ResourceId ?? '', { ...row, owner });
  }, 180_000);
  afterAll(() => product?.close());

  test('they are a hundred or more, and every one has its row', () => {
    expect(TEXTS.length).toBeGreaterThanOrEqual(100);
    expect(summary.reconciled).toBe(true);
    expect(summary.runs[0]?.unassigned.rows).toBe(0);
    expect(ledger.size).toBe(2 * TEXTS.length);
  });

  test.each(TEXTS.map((text, index) => [JSON.stringify(text).slice(0, 60), text, index] as const))(
    '%s is only ever a value: its own rule prices its row, and the customer reads it as it was written',
    (_, text, index) => {
      expect(ledger.get(`r-${index}`)).toMatchObject({
        BilledCost: String(101 + index),
        BillingAccountName: nameOf(index),
        ChargeDescription: `${text} (${text})`,
        ProviderName: `Acme's "Cloud" \\ {% %} \${x}`,
        ResourceName: text,
        ServiceName: text,
        SkuMeter: text,
        SubAccountId: nameOf(index),
        SubAccountName: nameOf(index + 1),
      });
      expect(JSON.parse(ledger.get(`r-${index}`)?.Tags ?? '')).toEqual(
        JSON.parse(JSON.stringify({ [keyOf(text)]: text })),
      );
    },
  );

  test('no operator takes a value for a pattern: each matches what it says, and nothing else', () => {
    const charged = (text: string) =>
      LOOSE_RULES.find(({ filter }) => holds(filter, { SkuMeter: text }))?.offsetPercent ?? '0';
    const found = TEXTS.map((_, index) => ledger.get(`loose-${index}`)?.BilledCost);
    expect(found).toEqual(TEXTS.map((text) => String(100 + Number(charged(text)))));
    expect(new Set(found).size).toBeGreaterThan(25);
  });

  test('names of customers and rules stand in the summary as they were given', () => {
    const [run] = summary.runs;
    expect(run?.customers.map(({ name }) => name)).toEqual([...NAMES, LOOSE.name]);
    const hostile = run?.customers.slice(0, -1) ?? [];
    for (const { rules } of hostile) {
      const applied = rules.filter(({ rows }) => rows > 0);
      expect(applied.every(({ name }) => NAMES.includes(name))).toBe(true);
    }
    const rows = hostile.flatMap(({ rules }) => rules.map((rule) => rule.rows));
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(TEXTS.length);
  });
});
