import { type ColumnType, FOCUS_COLUMNS } from './columns.ts';
import { FILTER_COLUMNS } from './filter-columns.ts';

/** Columns of one Glue table, in file order: column name → Hive type. */
export type HiveColumns = Readonly<Record<string, string>>;

/**
 * The customer ledger (`customer_charges`): what a customer is charged, FOCUS 1.2 columns then ours. Money is
 * DECIMAL(38,18) (`pricing.md` §2), Tags are JSON text.
 */
export const CUSTOMER_CHARGES_COLUMNS: HiveColumns = {
  ...focusInHive({ money: 'decimal(38,18)', price: 'decimal(38,18)', tags: 'string' }),
  x_RowId: 'string',
  x_FilledColumns: 'string',
};

/** The cost ledger (`costs`): the normalised delivered row, never changed. Partner eyes only. */
export const COSTS_COLUMNS: HiveColumns = {
  ...focusInHive({ money: 'decimal(28,12)', price: 'decimal(28,12)', tags: 'map<string,string>' }),
  ...Object.fromEntries(FILTER_COLUMNS.map((name) => [name, 'string'])),
  x_IntegrationId: 'string',
  x_RunId: 'string',
  x_RowId: 'string',
};

/** Per delivered row and rule: what the rule did to it. Deltas are the exact change of each cost column (null counts as 0). */
export const WATERFALL_COLUMNS = {
  x_RowId: 'string',
  x_IntegrationId: 'string',
  x_RunId: 'string',
  BillingCurrency: 'string',
  SubAccountId: 'string',
  ServiceName: 'string',
  ChargeCategory: 'string',
  ChargePeriodStart: 'timestamp',
  /** `commitment` for a policy, `rule` for a row rule, `addition` for a rule that adds rows, `correction` of a closed month. */
  x_Stage: 'string',
  x_BillingRuleId: 'string',
  x_BillingRuleVersion: 'int',
  x_BillingRuleName: 'string',
  x_BillingRuleType: 'string',
  /** The rule that was passed over for this one, where a warning is about both. */
  x_OtherBillingRuleId: 'string',
  /** False for a row that only carries a warning about a rule that did not act. */
  x_Applied: 'boolean',
  /** Null, or the code of the run's warning this row counts under (`list_price_missing`, `back_out_shadowed`). */
  x_WarningCode: 'string',
  x_BilledCostDelta: 'decimal(38,18)',
  x_EffectiveCostDelta: 'decimal(38,18)',
  x_ListCostDelta: 'decimal(38,18)',
  x_ContractedCostDelta: 'decimal(38,18)',
} as const satisfies HiveColumns;

/** Owners as one run planned them: NDJSON, one line per delivered (sub account, provider) and range of time. */
export const OWNERS_COLUMNS = {
  /** The delivered SubAccountId and ProviderName after normalisation; rows with a null sub account have no owner line. */
  sub_account_id: 'string',
  provider_name: 'string',
  /** Half-open range of ChargePeriodStart, `yyyy-MM-dd HH:mm:ss.SSS` UTC. */
  valid_from: 'string',
  valid_to: 'string',
  owner: 'string',
  shard: 'int',
} as const satisfies HiveColumns;

function focusInHive(types: { money: string; price: string; tags: string }): HiveColumns {
  const hive: Record<ColumnType, string> = {
    text: 'string',
    json: 'string',
    quantity: 'decimal(28,12)',
    time: 'timestamp',
    ...types,
  };
  return Object.fromEntries(Object.entries(FOCUS_COLUMNS).map(([name, type]) => [name, hive[type]]));
}
