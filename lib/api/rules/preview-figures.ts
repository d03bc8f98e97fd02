import type { CustomerId } from '../../domain/ids.ts';
import type { AddedRow } from '../../rules/added-rows.ts';
import { type FourAmounts, fourAmounts, minus, NOTHING, plus } from './four-amounts.ts';
import type { MatchedRows, PricedUnder, WarnedRows } from './priced-preview.ts';
import type { RulesChange } from './rules-change.ts';

/** Money of some rows without and with the change. */
interface Changed {
  readonly rows: number;
  readonly before: FourAmounts;
  readonly after: FourAmounts;
}

/** One customer's figures in one currency. */
export interface PreviewLine extends Changed {
  readonly customerId: CustomerId;
  readonly currency: string;
  readonly rowsMatched: number;
  readonly rowsApplied: number;
  readonly rowsAdded: number;
}

/** The same by the values of what is grouped by. */
export interface PreviewGroup extends Changed {
  readonly customerId: CustomerId;
  readonly currency: string;
  readonly keys: readonly (string | null)[];
}

/** Warnings of one rule about one customer; '' for no rule. */
interface WarningLine {
  readonly customerId: CustomerId;
  readonly ruleId: string;
  readonly otherId: string;
  readonly code: string;
  readonly before: number;
  readonly after: number;
}

/** Rows that one rule would take alone, takes, and took before the change. */
export interface RuleCounts {
  readonly matched: number;
  readonly applied: number;
  readonly appliedBefore: number;
}

/** An amount fell below 0 where it was not (`pricing.md` §5). */
const NEGATIVE = 'negative_result';
const NO_ROWS: RuleCounts = { matched: 0, applied: 0, appliedBefore: 0 };

/** Adds up what a preview finds, integration by integration. */
export class PreviewFigures {
  readonly #lines = new Map<string, PreviewLine>();
  readonly #groups = new Map<string, PreviewGroup>();
  readonly #warnings = new Map<string, WarningLine>();
  readonly #rules = new Map<string, RuleCounts>();
  /** The rule that the change is about; undefined for an order. */
  readonly #watched: string | undefined;
  /** The rule whose negative results are counted; '' where they are those of all. */
  readonly #negativeOf: string;

  constructor({ draft, replaced }: Pick<RulesChange, 'draft' | 'replaced'>) {
    this.#watched = draft?.id ?? replaced?.id;
    this.#negativeOf = draft?.id ?? '';
  }

  /** Rows as the rules price them that there are. */
  addBefore({ priced, warned, applied }: PricedUnder): void {
    for (const { customerId, currency, keys, rows, negative, charged } of priced) {
      const add = <Of extends Changed>(one: Of): Of => ({
        ...one,
        rows: one.rows + rows,
        before: plus(one.before, charged),
      });
      this.#change(customerId, currency, add);
      this.#changeGroup({ customerId, currency, keys }, add);
      this.#warnNegative(customerId, { before: negative, after: 0 });
    }
    for (const [ruleId, rows] of applied)
      this.#count(ruleId, ({ appliedBefore, ...rest }) => ({ ...rest, appliedBefore: appliedBefore + rows }));
    for (const warning of warned) this.#warn(warning, { before: warning.rows, after: 0 });
  }

  /** The same rows as they are priced with the change. */
  addAfter({ priced, warned, applied }: PricedUnder): void {
    for (const { customerId, currency, keys, negative, charged } of priced) {
      const add = <Of extends Changed>(one: Of): Of => ({ ...one, after: plus(one.after, charged) });
      this.#change(customerId, currency, add);
      this.#changeGroup({ customerId, currency, keys }, add);
      this.#warnNegative(customerId, { before: 0, after: negative });
    }
    for (const [ruleId, rows] of applied)
      this.#count(ruleId, (counts) => ({ ...counts, applied: counts.applied + rows }));
    for (const warning of warned) this.#warn(warning, { before: 0, after: warning.rows });
  }

  /** Rows that the rule in question changes, or did before it was deleted. */
  addApplied(priced: PricedUnder['priced']): void {
    for (const { customerId, currency, applied } of priced)
      this.#change(customerId, currency, (line) => ({ ...line, rowsApplied: line.rowsApplied + applied }));
  }

  /** Rows that rules would take alone. */
  addMatched(found: readonly MatchedRows[]): void {
    for (const { customerId, currency, ruleId, matched } of found) {
      this.#count(ruleId, (counts) => ({ ...counts, matched: counts.matched + matched }));
      if (ruleId === this.#watched)
        this.#change(customerId, currency, (line) => ({ ...line, rowsMatched: line.rowsMatched + matched }));
    }
  }

  /** Rows that rules add, as they are now and as they would be; those of the rule in question are counted. */
  addAdded(rows: readonly AddedRow[], when: 'before' | 'after'): void {
    for (const { customer, currency, amount, stored } of rows)
      this.#change(customer.id, currency, (line) => ({
        ...line,
        rowsAdded: line.rowsAdded + (when === 'after' && stored.id === this.#watched ? 1 : 0),
        [when]: plus(
          line[when],
          fourAmounts(() => amount),
        ),
      }));
  }

  /** Every line with what the change makes of it. */
  lines(): readonly (PreviewLine & { readonly delta: FourAmounts })[] {
    return [...this.#lines.values()].map((line) => ({ ...line, delta: minus(line.after, line.before) }));
  }

  /** Every group with what the change makes of it. */
  groups(): readonly (PreviewGroup & { readonly delta: FourAmounts })[] {
    return [...this.#groups.values()].map((group) => ({ ...group, delta: minus(group.after, group.before) }));
  }

  /** What became of one rule. */
  countsOf(ruleId: string): RuleCounts {
    return this.#rules.get(ruleId) ?? NO_ROWS;
  }

  /** Warnings of the rule in question, of policies, and those of other rules that are more with the change than without. */
  warnings(): readonly (Omit<WarningLine, 'before' | 'after'> & { readonly rows: number })[] {
    return [...this.#warnings.values()]
      .map(({ before, after, ...of }) => ({ ...of, rows: this.#isWhole(of) ? after : after - before }))
      .filter(({ rows }) => rows > 0);
  }

  #isWhole({ ruleId, otherId, code }: Pick<WarningLine, 'ruleId' | 'otherId' | 'code'>): boolean {
    const isOfRule = this.#watched !== undefined && [ruleId, otherId].includes(this.#watched);
    return isOfRule || (ruleId === '' && code !== NEGATIVE);
  }

  #count(ruleId: string, change: (counts: RuleCounts) => RuleCounts): void {
    this.#rules.set(ruleId, change(this.countsOf(ruleId)));
  }

  #change(customerId: CustomerId, currency: string, change: (line: PreviewLine) => PreviewLine): void {
    const key = JSON.stringify([customerId, currency]);
    const empty = { rows: 0, rowsMatched: 0, rowsApplied: 0, rowsAdded: 0, before: NOTHING, after: NOTHING };
    this.#lines.set(key, change(this.#lines.get(key) ?? { customerId, currency, ...empty }));
  }

  #changeGroup(
    of: Pick<PreviewGroup, 'customerId' | 'currency' | 'keys'>,
    change: (group: PreviewGroup) => PreviewGroup,
  ): void {
    if (of.keys.length === 0) return;
    const key = JSON.stringify(of);
    this.#groups.set(key, change(this.#groups.get(key) ?? { ...of, rows: 0, before: NOTHING, after: NOTHING }));
  }

  #warnNegative(customerId: CustomerId, rows: { before: number; after: number }): void {
    if (rows.before + rows.after === 0) return;
    this.#warn({ customerId, ruleId: this.#negativeOf, otherId: '', code: NEGATIVE }, rows);
  }

  #warn(
    { customerId, ruleId, otherId, code }: Omit<WarnedRows, 'rows'>,
    rows: { before: number; after: number },
  ): void {
    const key = JSON.stringify([customerId, ruleId, otherId, code]);
    const known = this.#warnings.get(key) ?? { customerId, ruleId, otherId, code, before: 0, after: 0 };
    this.#warnings.set(key, { ...known, before: known.before + rows.before, after: known.after + rows.after });
  }
}
