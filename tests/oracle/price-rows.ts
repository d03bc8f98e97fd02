import { isApplicable } from './applicable.ts';
import { type Amounts, COSTS, eachAmount, numberOf } from './bill.ts';
import type { OriginalRow } from './commitments.ts';
import { type Fixed, proportion, rounded, sumOf, ZERO } from './fixed.ts';
import { deltaOf, type Outcome, outcomeOf, type Piece } from './meaning.ts';
import { choose, isSetRule, type Precedence } from './precedence.ts';
import type { RowRule } from './rule.ts';
import { cutByTiers, type TierPiece } from './tiers.ts';

/** What a rule did to a row, or why it did nothing: one line of the waterfall. */
export interface RuleStep {
  readonly rule: RowRule;
  readonly delta: ReturnType<typeof deltaOf>;
  readonly isListPriceMissing: boolean;
}

/** A row as its customer is charged for it. */
export interface PricedRow extends OriginalRow {
  readonly isRemoved: boolean;
  /** One, or one per tier where a `tiered_rate` cut the row. */
  readonly pieces: readonly Piece[];
  readonly steps: readonly RuleStep[];
  /** Back-outs that matched under `first_match`, and that an earlier rule of another type kept from acting. */
  readonly shadowed: readonly RowRule[];
  /** Set rules that lost to the earliest created one, under `independent`. */
  readonly ambiguous: readonly { readonly rule: RowRule; readonly otherRule: RowRule }[];
}

/** The tiers' pieces of a row under one rule. */
type CutOf = (rule: RowRule, rowId: string) => readonly TierPiece[] | undefined;

/** Prices rows by the rules that change rows (`pricing.md` §5 a, §6). */
export function priceRows(
  rows: readonly OriginalRow[],
  rules: readonly RowRule[],
  precedence: Precedence,
): readonly PricedRow[] {
  const inOrder = [...rules].sort((one, other) => one.order - other.order);
  const chosen = rows.map((one) => ({
    one,
    choice: choose(
      inOrder.filter((rule) => isApplicable(rule, one.row, one.owner)),
      precedence,
    ),
  }));
  const cuts = new Map(
    inOrder.flatMap((rule) => {
      if (rule.type !== 'tiered_rate') return [];
      const applied = chosen.filter(({ choice }) => choice.applied.includes(rule));
      return [
        [
          rule,
          cutByTiers(
            rule,
            applied.map(({ one }) => one),
          ),
        ] as const,
      ];
    }),
  );
  const cutOf: CutOf = (rule, rowId) => (rule.type === 'tiered_rate' ? cuts.get(rule)?.get(rowId) : undefined);
  return chosen.map(({ one, choice }) => {
    const walk = precedence === 'independent' ? addedUp : inTurn;
    return { ...one, ...walk(one, choice.applied, cutOf), shadowed: choice.shadowed, ambiguous: choice.ambiguous };
  });
}

/** What the rules of a row come to. */
interface Walked extends Pick<PricedRow, 'isRemoved' | 'isStandardPrice' | 'hidesCommitment' | 'pieces' | 'steps'> {}

/** Each rule sees what the one before left of the row, at 12 decimals from the second on; a lone rule sees the original. */
function inTurn(one: OriginalRow, applied: readonly RowRule[], cutOf: CutOf): Walked {
  const { amounts: original, row } = one;
  let walked: Walked = { ...startOf(one), pieces: [{ quantity: numberOf(row, 'PricingQuantity'), amounts: original }] };
  for (const [at, rule] of applied.entries()) {
    const before = wholeOf(walked.pieces);
    const seen = at === 0 ? before : { ...before, amounts: eachAmount(before.amounts, atTwelveDecimals) };
    const outcomes = outcomesOf(rule, [seen], original, cutOf(rule, row.x_RowId));
    const isComputed = outcomes[0]?.outcome.kind !== 'list_price_missing';
    const met = outcomes.map(({ piece, outcome }) => ({ ...piece, amounts: amountsAfter(outcome, piece) }));
    const after = isComputed ? totalOf(met) : seen.amounts;
    walked = {
      ...marked(walked, rule, outcomes[0]?.outcome),
      pieces: isComputed && restarts(rule) ? met : asPieces(after, walked.pieces),
      steps: [...walked.steps, stepOf(rule, outcomes[0]?.outcome, deltaOf(after, before.amounts))],
    };
  }
  return walked;
}

/** Whether a rule leaves nothing of what tiers made of a row before. */
function restarts(rule: RowRule): boolean {
  return isSetRule(rule) || rule.type === 'back_out';
}

function atTwelveDecimals(value: Fixed | null): Fixed | null {
  return value && rounded(value, 12);
}

/** Every rule is computed from the original amounts, and the deltas are added; a null original counts as 0 in them. */
function addedUp(one: OriginalRow, applied: readonly RowRule[], cutOf: CutOf): Walked {
  const { amounts: original, row } = one;
  const whole = { quantity: numberOf(row, 'PricingQuantity'), amounts: original };
  let walked: Walked = { ...startOf(one), pieces: [whole] };
  let amounts = original;
  for (const rule of applied) {
    const outcomes = outcomesOf(rule, [whole], original, cutOf(rule, row.x_RowId));
    const after = totalOf(outcomes.map(({ piece, outcome }) => ({ amounts: amountsAfter(outcome, piece) })));
    amounts = eachAmount(amounts, (value, name) => addedDelta(value, after[name], original[name]));
    walked = {
      ...marked(walked, rule, outcomes[0]?.outcome),
      pieces: asPieces(amounts, outcomes.length > 1 ? outcomes.map(({ piece }) => piece) : walked.pieces),
      steps: [...walked.steps, stepOf(rule, outcomes[0]?.outcome, deltaOf(after, original))],
    };
  }
  return walked;
}

/** The sums on the first piece: what each piece carries of other rules' deltas is nobody's business, as long as it adds up. */
function asPieces(amounts: Amounts, pieces: readonly Piece[]): readonly Piece[] {
  const none = eachAmount(amounts, (value) => value && ZERO);
  return pieces.map((piece, at) => ({ ...piece, amounts: at === 0 ? amounts : none }));
}

/** A price that a rule cannot know leaves the sum unknown; a null original counts as 0. */
function addedDelta(value: Fixed | null, after: Fixed | null, original: Fixed | null): Fixed | null {
  if (after === null && original === null) return value;
  if (after === null || (value === null && original !== null)) return null;
  return sumOf([value, after]) - sumOf([original]);
}

/** What a rule makes of each piece, after its tiers have cut it. */
function outcomesOf(rule: RowRule, pieces: readonly Piece[], original: Amounts, cut: readonly TierPiece[] | undefined) {
  const met = pieces.flatMap((piece) => cutPiece(piece, cut));
  return met.map((piece) => ({ piece, outcome: outcomeOf(rule, piece, original) }));
}

/** The row of its pieces: what a rule sees. */
function wholeOf(pieces: readonly Piece[]): Piece {
  const isCut = pieces.length > 1;
  const quantity = isCut ? sumOf(pieces.map((piece) => piece.quantity)) : (pieces[0]?.quantity ?? null);
  return { quantity, amounts: totalOf(pieces) };
}

function startOf({ isStandardPrice, hidesCommitment }: OriginalRow) {
  return { isStandardPrice, hidesCommitment, isRemoved: false, steps: [] };
}

function marked(walked: Walked, rule: RowRule, outcome: Outcome | undefined): Walked {
  const isAtList = rule.type === 'adjust_to_list' && outcome?.kind === 'priced';
  return {
    ...walked,
    isRemoved: outcome?.kind === 'removed',
    isStandardPrice: walked.isStandardPrice || isAtList,
    hidesCommitment: walked.hidesCommitment || isAtList,
  };
}

function stepOf(rule: RowRule, outcome: Outcome | undefined, delta: RuleStep['delta']): RuleStep {
  return { rule, delta, isListPriceMissing: outcome?.kind === 'list_price_missing' };
}

function amountsAfter(outcome: Outcome, { amounts }: Piece): Amounts {
  return outcome.kind === 'list_price_missing' ? amounts : outcome.amounts;
}

/** What a tier cuts out of a piece: its quantity's share of every amount, the residue in the last. */
function cutPiece(piece: Piece, cut: readonly TierPiece[] | undefined): readonly Piece[] {
  if (cut === undefined) return [piece];
  const whole = sumOf(cut.map(({ quantity }) => quantity));
  let left = piece.amounts;
  return cut.map(({ quantity, rate }, at) => {
    const isLast = at === cut.length - 1;
    const share = eachAmount(piece.amounts, (value, name) => {
      if (value === null || !COSTS.some((cost) => cost === name)) return value;
      return isLast ? left[name] : proportion(value, quantity, whole);
    });
    left = eachAmount(left, (value, name) => value && value - (share[name] ?? ZERO));
    return { quantity, amounts: share, tierRate: rate };
  });
}

/** The row's amounts again: the costs of its pieces added up. */
export function totalOf(pieces: readonly { readonly amounts: Amounts }[]): Amounts {
  const first = pieces[0]?.amounts;
  if (first === undefined) throw new Error('a row has at least one piece');
  return eachAmount(first, (value, name) => {
    if (value === null || !COSTS.some((cost) => cost === name)) return value;
    return sumOf(pieces.map(({ amounts }) => amounts[name]));
  });
}
