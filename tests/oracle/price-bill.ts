import { type AddedRow, additionsOf } from './additions.ts';
import type { DeliveredRow } from './bill.ts';
import { applyPolicies, type CommitmentPolicy } from './commitments.ts';
import { type Fixed, rounded } from './fixed.ts';
import { type Assignment, ownerOf } from './owners.ts';
import type { Precedence } from './precedence.ts';
import { type PricedRow, priceRows, totalOf } from './price-rows.ts';
import { type AddingRule, isRowRule, type Rule } from './rule.ts';
import { type Warning, warningsOf } from './warnings.ts';

/** Everything that a period's ledgers follow from. */
export interface Scene {
  readonly rows: readonly DeliveredRow[];
  readonly rules: readonly Rule[];
  readonly precedence: Precedence;
  readonly assignments: readonly Assignment[];
  readonly customers: readonly string[];
  /** The partner's default, and what customers override. */
  readonly commitments: CommitmentPolicy;
  readonly commitmentsOf?: Readonly<Record<string, CommitmentPolicy>>;
  /** `yyyy-mm`. */
  readonly period: string;
  readonly currency: string;
}

/** The ledgers and their waterfall. */
export interface Priced {
  readonly rows: readonly PricedRow[];
  readonly warnings: readonly Warning[];
  readonly additions: readonly AddedRow[];
}

/** Prices a bill as `pricing.md` says, row by row, stages 2 to 6. */
export function priceBill(scene: Scene): Priced {
  const { commitments, commitmentsOf = {} } = scene;
  const owned = scene.rows.map((row) => ({ row, owner: ownerOf(row, scene.assignments) }));
  const originals = applyPolicies(owned, (customer) => commitmentsOf[customer] ?? commitments);
  const rows = priceRows(originals, scene.rules.filter(isRowRule), scene.precedence);
  const adding = scene.rules.filter((rule): rule is AddingRule => !isRowRule(rule));
  const charged = rows
    .filter(({ owner, isRemoved }) => scene.customers.includes(owner) && !isRemoved)
    .map(({ row, owner, pieces }) => ({ customer: owner, row, BilledCost: totalOf(pieces).BilledCost }));
  return { rows, warnings: warningsOf(rows), additions: additionsOf(adding, { ...scene, charged }) };
}

/** A statement line: the exact amount at the currency's minor unit (`pricing.md` §2). */
export function statementLine(amount: Fixed, minorDigits: number): Fixed {
  return rounded(amount, minorDigits);
}
