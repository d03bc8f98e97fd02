import { z } from 'zod';
import { BillingPeriod } from '../../domain/billing-period.ts';
import { ExactDecimal } from '../../domain/exact-decimal.ts';
import { ColumnField } from '../../domain/filter-field.ts';
import { IntegrationId, RuleId, RunId } from '../../domain/ids.ts';
import type { QueryRow } from '../../ports/query-engine.ts';
import { amountsOf } from '../../rules/amounts.ts';
import type { DeliveredRow } from '../../rules/delivered-row.ts';
import { type FourAmounts, fourAmounts } from '../rules/four-amounts.ts';
import { ROW_COLUMNS } from './row-statements.ts';

/** A delivered row as it is published in one integration's run; its tags are read apart. */
export interface PublishedRow {
  readonly owner: string;
  readonly period: BillingPeriod;
  readonly integrationId: IntegrationId;
  readonly runId: RunId;
  readonly currency: string;
  /** A null cost counts as 0, as it does in deltas. */
  readonly delivered: FourAmounts;
  readonly row: Omit<DeliveredRow, 'Tags'>;
}

/** What a policy or a rule did to a row, or added, or what corrects a closed month. */
export interface WaterfallEntry {
  readonly owner: string;
  readonly period: BillingPeriod;
  readonly integrationId: IntegrationId | null;
  readonly stage: 'commitment' | 'rule' | 'addition' | 'correction';
  readonly rule: { readonly id: RuleId; readonly version: number; readonly name: string; readonly type: string } | null;
  readonly isApplied: boolean;
  readonly warning: string | null;
  readonly delta: FourAmounts;
  readonly currency: string;
  readonly ChargeCategory: string | null;
  readonly ServiceName: string | null;
  readonly SubAccountId: string | null;
  readonly ChargePeriodStart: string;
}

/** What the customer ledger holds of a row. */
export interface ChargedRow {
  readonly owner: string;
  readonly period: BillingPeriod;
  readonly currency: string;
  readonly ChargeCategory: string | null;
  readonly ServiceName: string | null;
  readonly ChargeDescription: string | null;
  readonly charged: FourAmounts;
}

/** Athena answers column names in lower case. */
const NAMES = new Map(ROW_COLUMNS.map((name) => [name.toLowerCase(), name] as const));
type TextRow = Readonly<Record<string, string | null>>;

/** A row of `deliveredStatement`. */
export function parsePublishedRow(answer: QueryRow): PublishedRow {
  const row = named(answer);
  const decimal = (name: string) => (row[name] == null ? null : new ExactDecimal(row[name]));
  const owner = row.customer ?? '';
  return {
    owner,
    period: BillingPeriod.parse(row.period),
    integrationId: IntegrationId.parse(row.x_IntegrationId),
    runId: RunId.parse(row.x_RunId),
    currency: row.BillingCurrency ?? '',
    delivered: fourAmounts((cost) => row[cost] ?? '0'),
    row: {
      ...amountsOf(decimal),
      text: Object.fromEntries(ColumnField.options.map((field) => [field, row[field] ?? null])),
      PricingQuantity: decimal('PricingQuantity'),
      CommitmentDiscountId: row.CommitmentDiscountId ?? null,
      ChargePeriodStart: instantOf(row.ChargePeriodStart),
      x_Owner: owner,
    },
  };
}

/** A row of `waterfallStatement`. */
export function parseWaterfallEntry(answer: QueryRow): WaterfallEntry {
  const row = named(answer);
  return {
    owner: row.customer ?? '',
    period: BillingPeriod.parse(row.period),
    integrationId: IntegrationId.nullable().parse(row.x_IntegrationId),
    stage: z.enum(['commitment', 'rule', 'addition', 'correction']).parse(row.x_Stage),
    rule:
      row.x_BillingRuleId == null
        ? null
        : {
            id: RuleId.parse(row.x_BillingRuleId),
            version: Number(row.x_BillingRuleVersion),
            name: row.x_BillingRuleName ?? '',
            type: row.x_BillingRuleType ?? '',
          },
    isApplied: row.x_Applied === 'true',
    warning: row.x_WarningCode ?? null,
    delta: fourAmounts((cost) => row[`x_${cost}Delta`] ?? '0'),
    currency: row.BillingCurrency ?? '',
    ChargeCategory: row.ChargeCategory ?? null,
    ServiceName: row.ServiceName ?? null,
    SubAccountId: row.SubAccountId ?? null,
    ChargePeriodStart: instantOf(row.ChargePeriodStart),
  };
}

/** A row of `chargedStatement`. */
export function parseChargedRow(answer: QueryRow): ChargedRow {
  const row = named(answer);
  return {
    owner: row.customer ?? '',
    period: BillingPeriod.parse(row.period),
    currency: row.BillingCurrency ?? '',
    ChargeCategory: row.ChargeCategory ?? null,
    ServiceName: row.ServiceName ?? null,
    ChargeDescription: row.ChargeDescription ?? null,
    charged: fourAmounts((cost) => row[cost] ?? '0'),
  };
}

function named(row: QueryRow): TextRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [NAMES.get(name.toLowerCase()) ?? name.toLowerCase(), value]),
  );
}

/** `2025-03-05 01:00:00`, with a fraction of any length or none, as `…T01:00:00.000Z`. */
function instantOf(timestamp: string | null | undefined): string {
  const [whole = '', fraction = ''] = (timestamp ?? '').split('.');
  return `${whole.replace(' ', 'T')}.${fraction.padEnd(3, '0').slice(0, 3)}Z`;
}
