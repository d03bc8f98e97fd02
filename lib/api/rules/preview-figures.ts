import type { CustomerId } from '../../domain/ids.ts';
import type { AddedRow } from '../../rules/added-rows.ts';
import { type FourAmounts, fourAmounts, minus, NOTHING, plus } from './four-amounts.ts';
import type { PricedRows, WarnedRows } from './priced-preview.ts';

/** One customer's figures in one currency, without and with the rule. */
export interface PreviewLine {
  readonly customerId: CustomerId;
  readonly currency: string;
  readonly rows: number;
  readonly rowsMatched: number;
  readonly rowsApplied: number;
  readonly rowsAdded: number;
  readonly before: FourAmounts;
  readonly after: FourAmounts;
}

/** Warnings of one rule about one customer. */
interface WarningLine {
  readonly customerId: CustomerId;
  readonly ruleId: string;
  readonly code: string;
  readonly before: number;
  readonly after: number;
}

/** Adds up what a preview finds, integration by integration. */
export class PreviewFigures {
  readonly #lines = new Map<string, PreviewLine>();
  readonly #warnings = new Map<string, WarningLine>();

  /** Rows as the rules price them that there are. */
  addBefore({ priced, warned }: { priced: readonly PricedRows[]; warned: readonly WarnedRows[] }): void {
    for (const { customerId, currency, rows, charged } of priced)
      this.#change(customerId, currency, ({ rows: known, before, ...rest }) => ({
        ...rest,
        rows: known + rows,
        before: plus(before, charged),
      }));
    for (const warning of warned) this.#warn(warning, { before: warning.rows, after: 0 });
  }

  /** The same rows as they are priced with the draft, whose id is `draftId`. */
  addAfter(
    { priced, warned }: { priced: readonly PricedRows[]; warned: readonly WarnedRows[] },
    draftId: string,
  ): void {
    for (const { customerId, currency, applied, negative, charged } of priced) {
      this.#change(customerId, currency, ({ rowsApplied, after, ...rest }) => ({
        ...rest,
        rowsApplied: rowsApplied + applied,
        after: plus(after, charged),
      }));
      if (negative > 0)
        this.#warn({ customerId, ruleId: draftId, code: 'negative_result' }, { before: 0, after: negative });
    }
    for (const warning of warned) this.#warn(warning, { before: 0, after: warning.rows });
  }

  /** Rows that the draft would take alone. */
  addMatched(found: readonly { customerId: CustomerId; currency: string; matched: number }[]): void {
    for (const { customerId, currency, matched } of found)
      this.#change(customerId, currency, ({ rowsMatched, ...rest }) => ({
        ...rest,
        rowsMatched: rowsMatched + matched,
      }));
  }

  /** Rows that the draft adds. */
  addAdded(rows: readonly AddedRow[]): void {
    for (const { customer, currency, amount } of rows)
      this.#change(customer.id, currency, ({ rowsAdded, after, ...rest }) => ({
        ...rest,
        rowsAdded: rowsAdded + 1,
        after: plus(
          after,
          fourAmounts(() => amount),
        ),
      }));
  }

  /** Every line with what the draft changes in it. */
  lines(): readonly (PreviewLine & { readonly delta: FourAmounts })[] {
    return [...this.#lines.values()].map((line) => ({ ...line, delta: minus(line.after, line.before) }));
  }

  /** All warnings of the draft, and those of other rules that are more with it than without. */
  warnings(draftId: string): readonly { customerId: CustomerId; ruleId: string; code: string; rows: number }[] {
    return [...this.#warnings.values()]
      .map(({ before, after, ...of }) => ({ ...of, rows: of.ruleId === draftId ? after : after - before }))
      .filter(({ rows }) => rows > 0);
  }

  #change(customerId: CustomerId, currency: string, change: (line: PreviewLine) => PreviewLine): void {
    const key = JSON.stringify([customerId, currency]);
    const empty = { rows: 0, rowsMatched: 0, rowsApplied: 0, rowsAdded: 0, before: NOTHING, after: NOTHING };
    this.#lines.set(key, change(this.#lines.get(key) ?? { customerId, currency, ...empty }));
  }

  #warn(
    { customerId, ruleId, code }: Pick<WarnedRows, 'customerId' | 'ruleId' | 'code'>,
    rows: { before: number; after: number },
  ): void {
    const key = JSON.stringify([customerId, ruleId, code]);
    const known = this.#warnings.get(key) ?? { customerId, ruleId, code, before: 0, after: 0 };
    this.#warnings.set(key, { ...known, before: known.before + rows.before, after: known.after + rows.after });
  }
}
