import { BillingPeriod, boundsOf } from '../../../domain/billing-period.ts';
import { decimalString, ExactDecimal } from '../../../domain/exact-decimal.ts';
import { addedRowId } from '../../../rules/added-row-id.ts';
import {
  type AdditionRow,
  type AdditionsOf,
  deltasOf,
  type FourCosts,
  ledgerFrame,
  type TextRow,
  timestamp,
} from '../addition-row.ts';
import type { CorrectionSum } from './correction-sums.ts';

/**
 * The row that corrects charges of a closed month (FOCUS 1.2, ChargeClass `Correction`): in the billing period that
 * carries it, with the closed month as its charge period, one per customer, sub account, service and charge category.
 */
export function correctionOf(
  { customerId, currency, keys, costs: sums }: CorrectionSum,
  { corrects, customerName, ...of }: AdditionsOf & { readonly corrects: BillingPeriod; readonly customerName: string },
): AdditionRow {
  const customer = { id: customerId, name: customerName };
  const costs = plain(sums);
  const { start, end } = boundsOf(corrects);
  const rowId = addedRowId(['correction', corrects, of.period, customerId, ...Object.values(keys)]);
  const what = keys.ServiceName ?? keys.ChargeCategory ?? 'charges';
  return readCorrection({
    ...ledgerFrame({ customer, currency, costs }, of),
    ...keys,
    ChargeClass: 'Correction',
    ChargeDescription: `Correction of ${corrects}: ${what}`,
    ChargeFrequency: 'One-Time',
    ChargePeriodStart: timestamp(start),
    ChargePeriodEnd: timestamp(end),
    x_RowId: rowId,
  });
}

/** The row as the customer's ledger holds it, with the partner's beside it. */
export function readCorrection(charges: TextRow): AdditionRow {
  const text = (name: string) => charges[name] ?? '';
  const costs = plain({
    BilledCost: text('BilledCost'),
    EffectiveCost: text('EffectiveCost'),
    ListCost: text('ListCost'),
    ContractedCost: text('ContractedCost'),
  });
  const alike = ['x_RowId', 'BillingCurrency', 'SubAccountId', 'ServiceName', 'ChargeCategory', 'ChargePeriodStart'];
  return {
    customer: { id: text('BillingAccountId'), name: text('BillingAccountName') },
    currency: text('BillingCurrency'),
    costs,
    origin: {
      kind: 'correction',
      period: BillingPeriod.parse(text('ChargePeriodStart').slice(0, 'yyyy-mm'.length)),
    },
    charges,
    waterfall: {
      ...Object.fromEntries(alike.map((name) => [name, charges[name] ?? null])),
      x_Stage: 'correction',
      x_Applied: 'true',
      ...deltasOf(costs),
    },
  };
}

function plain(costs: FourCosts): FourCosts {
  const text = (cost: string) => decimalString(new ExactDecimal(cost));
  return {
    BilledCost: text(costs.BilledCost),
    EffectiveCost: text(costs.EffectiveCost),
    ListCost: text(costs.ListCost),
    ContractedCost: text(costs.ContractedCost),
  };
}
