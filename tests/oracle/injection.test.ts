import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costsStatement } from '../../lib/api/costs/costs-statement.ts';
import {
  chargedStatement,
  deliveredStatement,
  tagsStatement,
  waterfallStatement,
} from '../../lib/api/rows/row-statements.ts';
import { groupsStatement, matchedStatement } from '../../lib/api/rules/preview-statements.ts';
import { BillingPeriod } from '../../lib/domain/billing-period.ts';
import { BillingRule } from '../../lib/domain/billing-rule.ts';
import { CustomerTenant } from '../../lib/domain/customer-tenant.ts';
import { CustomerId, IntegrationId, RuleId } from '../../lib/domain/ids.ts';
import { PartnerSettings } from '../../lib/domain/settings.ts';
import { ADDED_COLUMNS, valuesOf } from '../../lib/pipeline/price-additions/added-columns.ts';
import { additionOf } from '../../lib/pipeline/price-additions/addition-row.ts';
import type { Database } from '../../lib/ports/database.ts';
import { percentageRulesInOrder } from '../../lib/rules/added-rows.ts';
import { rowRulesInOrder } from '../../lib/rules/compile-rules.ts';
import { customerLedger } from '../../lib/rules/customer-ledger.ts';
import { dueRows } from '../../lib/rules/due-rows.ts';
import { percentageBasesSelect } from '../../lib/rules/percentage-bases.ts';
import { join } from '../../lib/sql/sql.ts';
import { deliver, openForRules } from '../lib/rules/delivered-table.ts';
import { HOSTILE_TEXTS } from '../lib/rules/hostile-texts.ts';
import { price } from '../lib/rules/priced.ts';
import { shapeOf } from '../lib/rules/shape-of.ts';
import { stored } from '../lib/rules/stored.ts';
import { hostilePattern, hostileText, withoutTexts } from './hostile-text.ts';
import { Random } from './random.ts';
import { statementsOf } from './statements.ts';

const TEXTS = 100_000;
const VALUES = 140;
const OPERATORS = ['in', 'notIn', 'startsWith', 'contains', 'wildcard'] as const;
const PERIOD = BillingPeriod.parse('2025-03');
const CUSTOMER = 'cus_000000000000';

/** Rules of every type with the user's text in each field that takes any; the first has the filter. */
function rulesWith(text: () => string, filter: unknown) {
  const flat = () => ({ name: text(), amount: '1', currency: 'USD', frequency: 'monthly', serviceName: text() });
  const tiers = [{ from: '0', rate: '1' }];
  const categories = () => ({ category: text(), subCategory: text() });
  return stored(
    { type: 'adjust_to_list', name: text(), filter },
    { type: 'rerate', name: text(), base: 'billed_cost', offsetPercent: '5' },
    { type: 'operating_margin', name: text(), base: 'billed_cost', percent: '5' },
    { type: 'back_out', name: text(), filter: { field: 'RegionId', op: 'in', values: [text()] } },
    { type: 'adjustment', name: text(), percentShown: '5' },
    { type: 'fixed_rate', name: text(), rate: '0.25', pricingUnit: text() },
    { type: 'tiered_rate', name: text(), tiers, pricingUnit: text(), aggregate: 'customer' },
    { type: 'charge', ...flat(), ...categories() },
    { type: 'credit', ...flat(), ...categories() },
    { type: 'percentage_charge', name: text(), percent: '3', minimum: '1', filter },
  );
}

/** Every statement into which something goes that a user writes, `pattern` where it is a regular expression: of pricing, additions, previews, costs and explained rows. */
function statementsWith(text: () => string, pattern = text): readonly string[] {
  const values = () => Array.from({ length: VALUES }, text);
  const leaves = OPERATORS.map((op) => ({ field: 'ServiceName', op, values: values() }));
  const tag = { field: 'Tags', key: text(), op: 'in', values: values() };
  const matching = { field: 'ChargeDescription', op: 'matches', values: Array.from({ length: VALUES }, pattern) };
  const rules = rulesWith(text, { all: [...leaves, matching, tag] });
  const partnerName = text();
  const customer = CustomerTenant.parse({ id: CUSTOMER, name: text(), createdAt: '2025-01-01T00:00:00Z', version: 1 });
  const { rows } = dueRows(
    { rules, customers: [customer], settings: { currency: null } },
    { period: PERIOD, currencies: ['USD'], bases: [] },
  );
  const place = { rowId: text(), owners: [CUSTOMER], periods: [PERIOD] };
  return [
    ...statementsOf(rules, partnerName, customer.name),
    matchedStatement(rowRulesInOrder(rules)),
    percentageBasesSelect(percentageRulesInOrder(rules)),
    groupsStatement({ precedence: 'first_match', watched: 1, negatives: 'watched', groupBy: ['service'] }),
    `SELECT * FROM (VALUES ${join(rows.map((row) => valuesOf(ADDED_COLUMNS.customer_charges, additionOf(row, { period: PERIOD, partnerName }).charges))).text})`,
    `SELECT * FROM (VALUES ${join(rows.map((row) => valuesOf(ADDED_COLUMNS.waterfall, additionOf(row, { period: PERIOD, partnerName }).waterfall))).text})`,
    ...[deliveredStatement, tagsStatement, waterfallStatement, chargedStatement].map((statement) => statement(place)),
    costsStatement(customer.id, PERIOD, 'service'),
  ];
}

describe('What a user writes', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openForRules();
  });
  afterAll(() => database.close());

  test(`is a literal and nothing else, ${TEXTS} hostile texts through every field that takes any text`, () => {
    const random = new Random(6);
    let texts = 0;
    const plain = statementsWith(() => 'a');
    const bare = plain.map(withoutTexts);
    while (texts < TEXTS) {
      const counted = (make: typeof hostileText) => () => {
        texts += 1;
        return make(random);
      };
      const found = statementsWith(counted(hostileText), counted(hostilePattern));
      expect(found.map(withoutTexts).every((statement, at) => statement === bare[at])).toBe(true);
    }
    expect(() => plain.map(shapeOf)).not.toThrow();
  }, 300_000);

  test.each([
    ['a customer’s id', (text: string) => CustomerId.safeParse(text)],
    ['a customer’s id that begins as one', (text: string) => CustomerId.safeParse(`${CUSTOMER}${text}`)],
    ['an integration’s name', (text: string) => IntegrationId.safeParse(`aws${text}`)],
    ['a rule’s id', (text: string) => RuleId.safeParse(`rul_000000000000${text}`)],
    ['a billing period', (text: string) => BillingPeriod.safeParse(`2025-03${text}`)],
    ['a rule’s first day', (text: string) => BillingRule.safeParse({ ...CHARGE, startDate: `2025-03-01${text}` })],
    ['a rule’s last day', (text: string) => BillingRule.safeParse({ ...CHARGE, endDate: `2025-03-01${text}` })],
    ['an amount', (text: string) => BillingRule.safeParse({ ...CHARGE, amount: `1${text}` })],
    ['a rule’s currency', (text: string) => BillingRule.safeParse({ ...CHARGE, currency: `USD${text}` })],
    ['a rule’s customer', (text: string) => BillingRule.safeParse({ ...CHARGE, customers: [`${CUSTOMER}${text}`] })],
    ['a filter’s column', (text: string) => BillingRule.safeParse(backOutOf(`ServiceName${text}`))],
    ['the partner’s currency', (text: string) => PartnerSettings.shape.currency.safeParse(`USD${text}`)],
  ])('is refused before it is SQL where it is %s', (_field, parse) => {
    const taken = HOSTILE_TEXTS.filter((text) => /[^a-z0-9-]/.test(text)).filter((text) => parse(text).success);
    expect(taken).toEqual([]);
  });

  test('leaves the canary alone when it is run', async () => {
    await database.run("CREATE TABLE canary AS SELECT 'alive' AS state");
    const random = new Random(7);
    for (let round = 0; round < 3; round += 1) {
      const text = () => hostileText(random);
      const filter = {
        any: OPERATORS.map((op) => ({ field: 'ServiceName', op, values: Array.from({ length: 30 }, text) })),
      };
      const patterns = Array.from({ length: 30 }, () => hostilePattern(random));
      const matching = { field: 'ServiceName', op: 'matches', values: patterns };
      const tagged = { any: [filter, matching, { field: 'Tags', key: text(), op: 'in', values: [text()] }] };
      const row = { x_RowId: '1', x_Owner: CUSTOMER, BilledCost: '1', ServiceName: text(), Tags: { [text()]: text() } };
      const rules = rulesWith(text, tagged);
      await price(database, rules, [row]);
      const form = { precedence: 'first_match', hasPolicies: false } as const;
      const customers = [{ id: CUSTOMER, name: text() }];
      await database.rows(customerLedger({ partnerName: text(), customers, rules, form }));
      await deliver(database, [row]);
      await database.rows(matchedStatement(rowRulesInOrder(rules)));
    }
    expect(await database.rows('SELECT state FROM canary')).toEqual([{ state: 'alive' }]);
  }, 120_000);
});

const CHARGE = { type: 'charge', name: 'n', startDate: '2025-03-01', customers: 'all', amount: '1', serviceName: 's' };

function backOutOf(field: string) {
  const filter = { field, op: 'in', values: ['a'] };
  return { type: 'back_out', name: 'n', startDate: '2025-03-01', customers: 'all', filter };
}
