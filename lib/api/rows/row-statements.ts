import { ColumnField } from '../../domain/filter-field.ts';
import { COST_COLUMNS } from '../../focus/columns.ts';
import { TABLES } from '../../names/tables.ts';
import { AMOUNT_COLUMNS } from '../../rules/amounts.ts';
import { identifiers } from '../../sql/identifiers.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';

/** Where a row is looked for: published periods, and owners that have rows in them. */
export interface RowPlace {
  readonly rowId: string;
  readonly periods: readonly string[];
  readonly owners: readonly string[];
}

const TEXTS = [...new Set<string>([...ColumnField.options, 'CommitmentDiscountId', 'BillingCurrency', 'x_RunId'])];
const NUMBERS = [...AMOUNT_COLUMNS, 'PricingQuantity'] as const;
const DELTAS = COST_COLUMNS.map((cost) => `x_${cost}Delta`);
const RULE_TEXTS = [
  ...['x_IntegrationId', 'x_RunId', 'BillingCurrency', 'ServiceName', 'ChargeCategory', 'SubAccountId', 'x_Stage'],
  ...['x_BillingRuleId', 'x_BillingRuleName', 'x_BillingRuleType', 'x_WarningCode'],
] as const;
const LEDGER_TEXTS = ['BillingCurrency', 'ChargeCategory', 'ServiceName', 'ChargeDescription'] as const;
const TABLE = {
  costs: identifiers([TABLES.costs])(TABLES.costs),
  waterfall: identifiers([TABLES.waterfall])(TABLES.waterfall),
  charges: identifiers([TABLES.customerCharges])(TABLES.customerCharges),
};
const column = identifiers([
  ...new Set([...TEXTS, ...NUMBERS, ...DELTAS, ...RULE_TEXTS, ...LEDGER_TEXTS, ...COST_COLUMNS]),
  ...['ChargePeriodStart', 'Tags', 'customer', 'period', 'tag_key', 'x_Applied', 'x_BillingRuleVersion', 'x_RowId'],
]);

/** Every column by which an answer's names, which Athena writes in small letters, are told. */
export const ROW_COLUMNS: readonly string[] = [
  ...new Set([...TEXTS, ...NUMBERS, ...DELTAS, ...RULE_TEXTS, ...LEDGER_TEXTS]),
  ...['ChargePeriodStart', 'x_Applied', 'x_BillingRuleVersion'],
];

/** SELECT of the delivered rows of an id, Tags aside. */
export function deliveredStatement(place: RowPlace): string {
  const columns = [...KEYS, ...TEXTS.map((name) => column(name)), ...[...NUMBERS, 'ChargePeriodStart'].map(asText)];
  return sql`SELECT ${columns} FROM ${TABLE.costs} WHERE ${isPlace(place)} AND ${column('x_RowId')} = ${place.rowId} ORDER BY 2 DESC, 1`
    .text;
}

/** SELECT of the tags of a row, a line for each key. */
export function tagsStatement(place: RowPlace): string {
  return sql`SELECT tags.${column('tag_key')} AS tag_key, element_at(${column('Tags')}, tags.${column('tag_key')}) AS tag_value
FROM ${TABLE.costs} CROSS JOIN UNNEST(map_keys(${column('Tags')})) AS tags (tag_key)
WHERE ${isPlace(place)} AND ${column('x_RowId')} = ${place.rowId}`.text;
}

/** SELECT of what policies and rules did to the rows of an id. */
export function waterfallStatement(place: RowPlace): string {
  const columns = [
    ...KEYS,
    ...RULE_TEXTS.map((name) => column(name)),
    ...['x_BillingRuleVersion', 'x_Applied', 'ChargePeriodStart', ...DELTAS].map(asText),
  ];
  return sql`SELECT ${columns} FROM ${TABLE.waterfall} WHERE ${isPlace(place)} AND ${column('x_RowId')} = ${place.rowId}`
    .text;
}

/** SELECT of what the customer ledger holds of an id, the parts of a split row together. */
export function chargedStatement(place: RowPlace): string {
  const sums = COST_COLUMNS.map((cost) => sql`CAST(sum(${column(cost)}) AS VARCHAR) AS ${column(cost)}`);
  const texts = LEDGER_TEXTS.map((name) => sql`max(${column(name)}) AS ${column(name)}`);
  return sql`SELECT ${[...KEYS, ...texts, sql`CAST(count(*) AS VARCHAR) AS row_count`, ...sums]} FROM ${TABLE.charges}
WHERE ${isPlace(place)} AND (${column('x_RowId')} = ${place.rowId} OR starts_with(${column('x_RowId')}, ${`${place.rowId}/`}))
GROUP BY ${column('customer')}, ${column('period')}`.text;
}

const KEYS: readonly Sql[] = [sql`customer`, sql`period`];

function isPlace({ owners, periods }: RowPlace): Sql {
  const among = (name: Sql, values: readonly string[]) =>
    sql`${name} IN (${join(values.map((value) => sql`${value}`))})`;
  return sql`${among(sql`customer`, owners)} AND ${among(sql`period`, periods)}`;
}

function asText(name: string): Sql {
  return sql`CAST(${column(name)} AS VARCHAR) AS ${column(name)}`;
}
