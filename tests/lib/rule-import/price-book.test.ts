import { describe, expect, test } from 'vitest';
import { Day } from '../../../lib/domain/day.ts';
import { importPriceBook } from '../../../lib/rule-import/cloudhealth/import-price-book.ts';
import { ImportRefused } from '../../../lib/rule-import/import-refused.ts';
import type { ImportOptions } from '../../../lib/rule-import/imported-rules.ts';

const FOR_ALL: ImportOptions = { customers: 'all' };
const group = (rules: string, attributes = 'startDate="2025-03-01"') =>
  `<CHTBillingRules date="2025-03-01" createdBy="A"><RuleGroup ${attributes}>${rules}</RuleGroup></CHTBillingRules>`;
const rule = (basic: string, products = '<Product productName="ANY"/>', flags = '') =>
  `<BillingRule name="R" ${flags}><BasicBillingRule ${basic}/>${products}</BillingRule>`;
const TEN_OFF = 'billingAdjustment="10" billingRuleType="percentDiscount"';
const NEVER = [
  { field: 'x_IsMarketplace', op: 'notIn', values: ['true'] },
  { field: 'x_IsSupport', op: 'notIn', values: ['true'] },
];

const only = (text: string, options = FOR_ALL) => importPriceBook(text, options).rules[0];
const leftOut = (text: string, options = FOR_ALL) =>
  importPriceBook(text, options).notes.flatMap(({ kind, what }) => (kind === 'left_out' ? [what] : []));

describe('A CloudHealth price book', () => {
  test('CH-10 becomes rules in its own order, for the precedence that uses the first', () => {
    const text = group(
      rule(TEN_OFF) +
        `<BillingRule name="B"><BasicBillingRule billingAdjustment="20" billingRuleType="percentDiscount"/><Product productName="Amazon EC2"/></BillingRule>`,
    );
    const { rules, notes } = importPriceBook(text, FOR_ALL);
    expect(rules.map(({ name, type, offsetPercent }) => [name, type, offsetPercent])).toEqual([
      ['R', 'rerate', '-10'],
      ['B', 'rerate', '-20'],
    ]);
    expect(notes.map(({ what }) => what).join()).toContain('first_match');
  });

  test.each([
    ['billingAdjustment="12.50" billingRuleType="percentIncrease"', { type: 'rerate', offsetPercent: '12.50' }],
    ['billingAdjustment="0.00" billingRuleType="percentDiscount"', { type: 'rerate', offsetPercent: '0.00' }],
    ['billingAdjustment="1.25000" billingRuleType="percentDiscount"', { type: 'rerate', offsetPercent: '-1.2500' }],
  ])('%s is a rerate', (basic, expected) => {
    expect(only(group(rule(basic)))).toMatchObject(expected);
  });

  test('CH-13 a fixed rate is one for the unit that the partner names, 0 too', () => {
    const options = { ...FOR_ALL, pricingUnit: 'Hours' };
    const rated = (rate: string) => group(rule(`billingAdjustment="${rate}" billingRuleType="fixedRate"`));
    expect(only(rated('0.5'), options)).toMatchObject({ type: 'fixed_rate', rate: '0.5', pricingUnit: 'Hours' });
    expect(only(rated('0.0'), options)).toMatchObject({ type: 'fixed_rate', rate: '0.0' });
    expect(leftOut(rated('0.5'))).toEqual(['a fixed rate needs the unit it is for: name the PricingUnit']);
  });

  test.each([
    ['percentDiscount', '100.01'],
    ['percentDiscount', '-5'],
    ['percentDiscount', '1.23456'],
    ['percentIncrease', '1e2'],
    ['fixedRate', '-1'],
    ['fixedRate', '1.12345678901'],
  ])('a %s of %s is left out, saying so', (type, amount) => {
    const text = group(rule(`billingAdjustment="${amount}" billingRuleType="${type}"`));
    const { rules, notes } = importPriceBook(text, { ...FOR_ALL, pricingUnit: 'Hours' });
    expect(rules).toEqual([]);
    expect(notes).toMatchObject([{ kind: 'left_out', where: 'RuleGroup 1, BillingRule "R" (line 1)' }]);
    expect(notes[0]?.what).toContain(amount);
  });

  test('CH-14 what a product says of data transfer goes before what its rule says', () => {
    const products = '<Product productName="A" includeDataTransfer="true"/><Product productName="B"/>';
    const service = (name: string) => ({ field: 'ServiceName', op: 'in', values: [name] });
    expect(only(group(rule(TEN_OFF, products, 'includeDataTransfer="false"')))?.filter).toEqual({
      any: [
        { all: [service('A'), ...NEVER] },
        { all: [service('B'), { field: 'x_IsDataTransfer', op: 'notIn', values: ['true'] }, ...NEVER] },
      ],
    });
  });

  test('CH-15 its patterns are ours: wildcards, and the description by beginning, part or expression', () => {
    const narrowed =
      '<UsageType name="*BoxUsage*"/><UsageType name="USE1-*"/><Operation name="RunInstances"/>' +
      '<LineItemDescription startsWith="$0."/><LineItemDescription matchesRegex="per (GB|hour)"/>';
    expect(only(group(rule(TEN_OFF, `<Product productName="ANY">${narrowed}</Product>`)))?.filter).toEqual({
      all: [
        {
          any: [
            { field: 'x_UsageType', op: 'wildcard', values: ['*BoxUsage*'] },
            { field: 'x_UsageType', op: 'wildcard', values: ['USE1-*'] },
          ],
        },
        { field: 'x_Operation', op: 'wildcard', values: ['RunInstances'] },
        {
          any: [
            { all: [{ field: 'ChargeDescription', op: 'startsWith', values: ['$0.'] }] },
            { all: [{ field: 'ChargeDescription', op: 'matches', values: ['per (GB|hour)'] }] },
          ],
        },
        ...NEVER,
      ],
    });
  });

  test('an instance is its type, its size and whether a commitment covered it', () => {
    const instance = '<InstanceProperties instanceType="m5" instanceSize="large" reserved="true"/>';
    expect(only(group(rule(TEN_OFF, `<Product productName="ANY">${instance}</Product>`)))?.filter).toMatchObject({
      all: [
        {
          all: [
            { field: 'x_InstanceType', op: 'wildcard', values: ['m5', 'm5.*'] },
            { field: 'x_InstanceType', op: 'wildcard', values: ['*.large'] },
            { field: 'CommitmentDiscountStatus', op: 'in', values: ['Used'] },
          ],
        },
        ...NEVER,
      ],
    });
  });

  test('CH-16 a group that is off gives rules that are off; its days and payers are its rules’', () => {
    const attributes = 'startDate="2025-03-01" endDate="2025-03-31" enabled="false" payerAccounts="111, 222"';
    expect(only(group(rule(TEN_OFF), attributes))).toMatchObject({
      enabled: false,
      startDate: '2025-03-01',
      endDate: '2025-03-31',
      filter: { all: [{ field: 'BillingAccountId', op: 'in', values: ['111', '222'] }, {}] },
    });
  });

  test('a group without a first day takes the first day of data, and is left out where nobody says which', () => {
    const text = group(rule(TEN_OFF), '');
    expect(only(text, { ...FOR_ALL, startDate: Day.parse('2024-01-01') })).toMatchObject({ startDate: '2024-01-01' });
    expect(leftOut(text)).toEqual(['its group has no startDate: name the first day of data']);
  });

  test('what a FOCUS bill does not tell apart is left out by name', () => {
    const offering = '<Product productName="ANY"><SavingsPlanOfferingType name="ComputeSavingsPlans"/></Product>';
    expect(leftOut(group(rule(TEN_OFF, offering)))[0]).toContain('SavingsPlanOfferingType');
  });

  test.each([
    ['an entity of its own', '<!DOCTYPE a [<!ENTITY x "y">]><CHTBillingRules/>', /document type/],
    ['a million laughs', `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><a>&b;</a>`, /document type/],
    ['an entity nobody declared', '<CHTBillingRules createdBy="&x;"/>', /not well-formed/],
    ['elements without end', `${'<a>'.repeat(50_000)}`, /16 deep/],
    ['too many elements', `<a>${'<b/>'.repeat(100_001)}</a>`, /100000 elements/],
    ['too much text', `<a>${' '.repeat(5_000_001)}</a>`, /at most 5000000/],
    ['another document', '<html/>', /no price book/],
    ['an element nobody knows', group('<Surprise/>'), /<Surprise> is not known/],
    ['an attribute nobody knows', group(rule(TEN_OFF, '', 'surprise="1"')), /surprise is not known/],
    ['a flag that is none', group(rule(TEN_OFF, '', 'includeDataTransfer="yes"')), /"true" or "false"/],
    ['a day that does not exist', group('', 'startDate="2025-02-30"'), /not a day/],
    ['nothing', '', /not well-formed|no element/],
    ['no XML', '{"a": 1}', /not well-formed/],
  ])('with %s is refused, naming the line', (_what, text, message) => {
    expect(() => importPriceBook(text, FOR_ALL)).toThrow(ImportRefused);
    expect(() => importPriceBook(text, FOR_ALL)).toThrow(message);
    expect(() => importPriceBook(text, FOR_ALL)).toThrow(/line \d/);
  });
});
