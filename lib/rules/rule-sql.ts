import type { RowRule, RuleOf } from '../domain/billing-rule.ts';
import { CHARGED_MONEY, decimalLiteral, FACTOR } from '../sql/decimal-literal.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { type AmountColumn, type Amounts, amountsOf } from './amounts.ts';
import { deliveredColumn as column } from './delivered-columns.ts';
import { factorOf } from './factor.ts';
import { TERM } from './term-columns.ts';

/** What a rule type does in SQL to a row that it was chosen for. */
export interface RuleSql<Rule extends RowRule> {
  /** The rule's number in the formulas (`x_Factor`), as a decimal string. */
  readonly factor: (rule: Rule) => string;
  /** Whether the row leaves the customer ledger. */
  readonly removes: (rule: Rule) => boolean;
  /** Whether it charges the standard price: PricingCategory `Standard`, no commitment columns. */
  readonly isStandardPrice: boolean;
  /** Whether it needs the list price, and so cannot compute where that is missing. */
  readonly needsListPrice: boolean;
  /** Formulas of type DECIMAL(38,18), each a product of DECIMAL(28,12) and the factor: a plain cast costs thirty times as much. */
  readonly amounts: Amounts<Sql>;
}

/** The formulas of every type (`pricing.md` §5 a). */
export const RULE_SQL: { readonly [Type in RowRule['type']]: RuleSql<RuleOf<Type>> } = {
  adjust_to_list: {
    factor: ({ offsetPercent }) => factorOf(offsetPercent).toFixed(FACTOR.scale),
    removes: () => false,
    isStandardPrice: true,
    needsListPrice: true,
    amounts: {
      BilledCost: scaled('ListCost'),
      EffectiveCost: scaled('ListCost'),
      ContractedCost: scaled('ListCost'),
      ListCost: unchanged('ListCost'),
      ContractedUnitPrice: scaled('ListUnitPrice'),
      ListUnitPrice: unchanged('ListUnitPrice'),
    },
  },
  rerate: {
    factor: ({ offsetPercent }) => factorOf(offsetPercent).toFixed(FACTOR.scale),
    removes: () => false,
    isStandardPrice: false,
    needsListPrice: false,
    amounts: {
      BilledCost: scaled('BilledCost'),
      EffectiveCost: scaled('EffectiveCost'),
      ContractedCost: scaled('ContractedCost'),
      ListCost: unchanged('ListCost'),
      ContractedUnitPrice: scaled('ContractedUnitPrice'),
      ListUnitPrice: unchanged('ListUnitPrice'),
    },
  },
  back_out: {
    factor: () => '0',
    removes: ({ mode }) => mode === 'remove',
    isStandardPrice: false,
    needsListPrice: false,
    amounts: {
      BilledCost: decimalLiteral('0', CHARGED_MONEY),
      EffectiveCost: decimalLiteral('0', CHARGED_MONEY),
      ContractedCost: decimalLiteral('0', CHARGED_MONEY),
      ListCost: decimalLiteral('0', CHARGED_MONEY),
      ContractedUnitPrice: scaled('ContractedUnitPrice'),
      ListUnitPrice: scaled('ListUnitPrice'),
    },
  },
};

/** The amounts of a row that no rule changes. */
export const UNCHANGED: Amounts<Sql> = amountsOf(unchanged);

/** What a rule type does in SQL; the table is keyed by the type of this very rule. */
export function ruleSqlOf<Type extends RowRule['type']>(rule: Extract<RowRule, { type: Type }>): RuleSql<RuleOf<Type>> {
  const type: Type = rule.type;
  return RULE_SQL[type];
}

function scaled(amount: AmountColumn): Sql {
  return sql`${column(amount)} * ${TERM.factor}`;
}

/** A product with 1, which widens DECIMAL(28,12) to DECIMAL(38,18) without a cast. */
function unchanged(amount: AmountColumn): Sql {
  return sql`${column(amount)} * ${decimalLiteral('1', FACTOR)}`;
}
