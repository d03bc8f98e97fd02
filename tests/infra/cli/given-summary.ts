import type { z } from 'zod';
import { Summary } from '../../../infra/cli/figures/summary.ts';

/** Four equal costs. */
export const costs = (amount: string) => ({
  BilledCost: amount,
  EffectiveCost: amount,
  ListCost: amount,
  ContractedCost: amount,
});

/** Rows and four equal costs. */
export const figures = (rows: number, amount: string) => ({ rows, ...costs(amount) });

/** One customer of a run that nothing changed. */
export const customer = (name: string, rows: number, delivered: string, charged = delivered) => ({
  name,
  folder: `cus_${name}`,
  delivered: figures(rows, delivered),
  charged: figures(rows, charged),
  commitments: { rows: 0, delta: costs('0') },
  rules: [],
});

/** A run in March 2025, in USD, of one row that nobody owns, with what a test says about it instead. */
export function run(given: Partial<z.input<typeof Summary>['runs'][number]>): Summary['runs'][number] {
  const whole = {
    integrationId: 'bill',
    period: '2025-03',
    currency: 'USD',
    reconciled: true,
    delivered: figures(1, '1'),
    ingestRounding: costs('0'),
    customers: [],
    unassigned: figures(1, '1'),
    partner: figures(0, '0'),
    warnings: [],
  };
  return Summary.shape.runs.element.parse({ ...whole, ...given });
}

/** Charges of one customer. */
export function addition(name: string, rows: number, amount: string) {
  return { name, ...figures(rows, amount), rules: [{ name: 'Care', rows, delta: costs(amount) }] };
}
