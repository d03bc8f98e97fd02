import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configSchema } from '../../../infra/cli/config/config-schema.ts';
import { parseConfig, readConfig } from '../../../infra/cli/config/read-config.ts';
import { CommandError } from '../../../infra/cli/exit-with.ts';

/** What is said of a configuration that is refused with exit code 2. */
function refusalOf(yaml: string): string {
  try {
    parseConfig(yaml, 'apportion.yaml');
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}
const oneRule = (more: string) =>
  `customers: [{name: A}]\nrules: [{name: r, type: adjust_to_list, startDate: 2025-03-01, ${more}}]`;
const owning = (subAccounts: string) => `customers: [{name: A, subAccounts: [${subAccounts}]}]`;

test('the whole form of a configuration is read, in YAML and in JSON', () => {
  const config = parseConfig(
    `partner: { name: Acme Cloud, currency: USD, precedence: first_match, emailDomain: acme.example, commitments: { policy: pass_through }, subAccounts: ["999999999999"] }
customers:
  - name: Contoso
    subAccounts: ["123456789012", { id: "222222222222", from: 2025-03-10, to: 2025-03-31, provider: AWS }]
    commitments: { policy: pass_through }
rules:
  - { name: List, type: adjust_to_list, startDate: 2025-03-01, customers: [Contoso], offsetPercent: 5 }
`,
    'apportion.yaml',
  );
  expect(config.customers[0]?.subAccounts).toEqual([
    '123456789012',
    { id: '222222222222', from: '2025-03-10', to: '2025-03-31', provider: 'AWS' },
  ]);
  expect(config.rules[0]).toMatchObject({ enabled: true, offsetPercent: '5', customers: ['Contoso'] });
  expect(parseConfig(JSON.stringify(config), 'apportion.json')).toEqual(config);
});

test('a file that says nothing is a configuration with nobody in it', () => {
  expect(parseConfig('', 'apportion.yaml')).toMatchObject({ partner: { name: 'Partner' }, customers: [], rules: [] });
});

test('ids and filter values that are written without quotes keep their zeros and their form', () => {
  const config = parseConfig(
    `${owning('000000000012, 0x1F, 1e5, {id: 0007}')}
rules: [{name: r, type: back_out, startDate: 2025-03-01, customers: all, filter: {field: SubAccountId, op: in, values: [0012, 1.50]}}]`,
    'apportion.yaml',
  );
  expect(config.customers[0]?.subAccounts).toEqual(['000000000012', '0x1F', '1e5', { id: '0007' }]);
  expect(config.rules[0]).toMatchObject({ filter: { values: ['0012', '1.50'] } });
});

test.each([
  [
    'a key nobody knows',
    'customer: []',
    'the file: there is no key "customer" here; there are partner, customers, rules',
  ],
  ['one below', 'partner: {nam: x}', 'partner: there is no key "nam" here; there are name, currency, precedence'],
  [
    'one of a rule',
    oneRule('customers: all, percent: 5'),
    'rules[0]: there is no key "percent" here; there are type, name',
  ],
  ['a day that is none', owning('{id: a, from: 2025-02-30}'), 'customers[0].subAccounts[0].from: a day that exists'],
  [
    'a sub account that is none',
    owning('"1", true'),
    'customers[0].subAccounts[1]: an id as text, in quotes, or { id, from, to, provider }',
  ],
  [
    'days that run backwards',
    owning('{id: a, from: 2025-03-02, to: 2025-03-01}'),
    'sub account a: its last day 2025-03-01 is before its first day 2025-03-02. Swap `from` and `to`.',
  ],
  ['a customer without a name', 'customers: [{subAccounts: []}]', 'customers[0].name: is missing'],
  ['a name twice', 'customers: [{name: Acme}, {name: ACME}]', 'the name "ACME" stands twice'],
  ['a currency that is none', 'partner: {currency: usd}', 'partner.currency: three capital letters'],
  [
    'a rule for somebody unknown',
    oneRule('customers: [Z]'),
    'rules[0].customers: there is no customer "Z". Customers are: A.',
  ],
  ['a rule for nobody', oneRule('customers: []'), 'rules[0] "r": The rule applies to nobody. Give customers: "all"'],
  ['a rule for all and some', oneRule('customers: [A, all]'), 'Give "all" alone'],
  [
    'a rule that ends before it starts',
    oneRule('customers: all, endDate: 2025-02-01'),
    'Give an endDate on or after startDate',
  ],
  [
    'five decimals',
    oneRule('customers: all, offsetPercent: "1.23456"'),
    'rules[0].offsetPercent: a decimal with at most 4 decimals',
  ],
  [
    'an operator nobody knows',
    oneRule('customers: all, filter: {field: SkuId, op: equals, values: [a]}'),
    'one of in, notIn, startsWith',
  ],
  ['YAML that is none', 'customers: [', 'line 1'],
  ['a key twice', 'rules: []\nrules: []', 'Map keys must be unique'],
  ['no object', '- a', 'the file: Invalid input: expected object'],
  [
    'aliases without end',
    'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\ne: [*d,*d]',
    'Excessive alias count',
  ],
])('%s is refused, with what to write instead', (_, yaml, said) => {
  expect(refusalOf(yaml)).toContain(said);
  expect(refusalOf(yaml)).toContain('apportion.yaml');
});

test.each([
  [
    'two customers',
    'customers: [{name: A, subAccounts: ["1", "2"]}, {name: B, subAccounts: [{id: "2", from: 2025-03-15}]}]',
    ['2', 'A', 'B'],
  ],
  [
    'the partner and a customer',
    'partner: {subAccounts: [x1]}\ncustomers: [{name: A, subAccounts: [X1]}]',
    ['x1', 'the partner', 'A'],
  ],
  [
    'two on the day of the move',
    'customers: [{name: A, subAccounts: [{id: "2", to: 2025-03-15}]}, {name: B, subAccounts: [{id: "2", from: 2025-03-15}]}]',
    ['2', 'A', 'B'],
  ],
])('a sub account of %s on one day is refused, naming both', (_, yaml, [id, one, other]) => {
  expect(refusalOf(yaml)).toContain(`sub account ${id} belongs to both ${one} and ${other} on one day`);
});

test.each([
  [
    'the day after',
    'customers: [{name: A, subAccounts: [{id: "2", to: 2025-03-15}]}, {name: B, subAccounts: [{id: "2", from: 2025-03-16}]}]',
  ],
  [
    'another provider',
    'customers: [{name: A, subAccounts: [{id: s, provider: AWS}]}, {name: B, subAccounts: [{id: s, provider: Microsoft}]}]',
  ],
  [
    'other letters than A to Z in another case',
    'customers: [{name: A, subAccounts: [é]}, {name: B, subAccounts: [É]}]',
  ],
  ['one owner who names it twice', 'customers: [{name: A, subAccounts: ["1", "1"]}]'],
])('%s is no second owner', (_, yaml) => {
  expect(parseConfig(yaml, 'apportion.yaml').customers.length).toBeGreaterThan(0);
});

test('a file that is not there is named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  await expect(readConfig(join(folder, 'none.yaml'))).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('none.yaml: there is no such file'),
  });
  rmSync(folder, { recursive: true });
});

test('the JSON Schema in docs/ is the one that configurations are checked by', () => {
  const written = readFileSync(join(import.meta.dirname, '../../../docs/apportion.schema.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(configSchema())));
});
