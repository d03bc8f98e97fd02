import type { RulePreview } from '../../contracts/rules/rule-preview.ts';
import { ExactDecimal } from '../../domain/exact-decimal.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { rowRulesInOrder } from '../../rules/compile-rules.ts';
import type { ClosestValue } from './closest-values.ts';
import type { PreviewFigures } from './preview-figures.ts';
import { GROUP_COLUMNS } from './preview-statements.ts';
import type { PlannedPreview } from './price-preview.ts';
import type { RulesChange } from './rules-change.ts';

/** More would be read by nobody, and an answer has at most 6 MB (Lambda limit). */
const GROUPS_MOST = 1_000;

/** A preview's figures as they are answered. */
export function answerPreview(
  { change, customers, period, request }: PlannedPreview,
  figures: PreviewFigures,
  closest: readonly ClosestValue[],
): RulePreview {
  const lines = figures.lines();
  const total = (of: 'rows' | 'rowsMatched' | 'rowsApplied' | 'rowsAdded') =>
    lines.reduce((sum, line) => sum + line[of], 0);
  const place = new Map(customers.map(({ id }, index) => [id, index]));
  const nameOf = (id: CustomerId) => customers.find((customer) => customer.id === id)?.name ?? id;
  const inOrder = lines.toSorted(
    (a, b) => (place.get(a.customerId) ?? 0) - (place.get(b.customerId) ?? 0) || (a.currency < b.currency ? -1 : 1),
  );
  const ruleName = (id: string) => [...change.after, ...change.before].find((one) => one.id === id)?.rule.name;
  const warnings = figures.warnings().map(({ customerId, ruleId, otherId, code, rows }) => ({
    code,
    ...(ruleId === '' ? {} : { rule: ruleName(ruleId) ?? ruleId }),
    ...(otherId === '' ? {} : { otherRule: ruleName(otherId) ?? otherId }),
    customer: nameOf(customerId),
    rows,
  }));
  const groups = figures.groups().toSorted(byChange);
  return {
    status: 'done',
    period,
    ...{ rows: total('rows'), rowsMatched: total('rowsMatched') },
    ...{ rowsApplied: total('rowsApplied'), rowsAdded: total('rowsAdded') },
    customers: inOrder.map(({ currency, ...line }) => ({
      ...line,
      name: nameOf(line.customerId),
      BillingCurrency: currency,
    })),
    groups: groups.slice(0, GROUPS_MOST).map(({ currency, keys, ...group }) => ({
      ...group,
      BillingCurrency: currency,
      ...Object.fromEntries(request.groupBy.map((one, at) => [GROUP_COLUMNS[one], keys[at] ?? null])),
    })),
    groupsLeftOut: Math.max(0, groups.length - GROUPS_MOST),
    rules: rulesOf(change, figures),
    warnings: warnings.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)),
    closest: [...closest],
  };
}

function rulesOf({ after, before, draft }: RulesChange, figures: PreviewFigures): RulePreview['rules'] {
  const isNew = draft !== undefined && !before.some(({ id }) => id === draft.id);
  return rowRulesInOrder(after).map(({ id, order, rule }) => {
    const { matched, applied, appliedBefore } = figures.countsOf(id);
    return {
      ruleId: isNew && id === draft.id ? null : id,
      ...{ name: rule.name, order, rowsMatched: matched, rowsApplied: applied, rowsAppliedBefore: appliedBefore },
      neverFires: applied > 0 ? null : matched > 0 ? 'shadowed' : 'matches_nothing',
    };
  });
}

/** The largest change of BilledCost first; equal ones by what they are grouped by. */
function byChange<Group extends ReturnType<PreviewFigures['groups']>[number]>(one: Group, other: Group): number {
  const size = ({ delta }: Group) => new ExactDecimal(delta.BilledCost).abs();
  const text = ({ customerId, currency, keys }: Group) => JSON.stringify([customerId, currency, ...keys]);
  return size(other).cmp(size(one)) || (text(one) < text(other) ? -1 : 1);
}
