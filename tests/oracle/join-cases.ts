import type { Scene } from './price-bill.ts';

/**
 * Cases of one precedence as one bill: a statement over many small cases costs little more than over one. Cases share no
 * customer, sub account, commitment or row id, so each rule is meant for its own case's customers only.
 */
export function joinCases(cases: readonly Scene[]): Scene {
  const [first] = cases;
  if (first === undefined) throw new Error('there is no case to join');
  let order = 0;
  let created = 0;
  const rules = cases.flatMap((scene) => {
    const from = created;
    created += scene.rules.length;
    return scene.rules
      .toSorted((one, other) => one.order - other.order)
      .map((rule) => {
        order += 1;
        const customers = rule.customers === 'all' ? scene.customers : rule.customers;
        return { ...rule, order, created: from + rule.created, customers };
      });
  });
  return {
    ...first,
    rules,
    rows: cases.flatMap((scene) => scene.rows),
    assignments: cases.flatMap((scene) => scene.assignments),
    customers: cases.flatMap((scene) => scene.customers),
    commitmentsOf: Object.assign({}, ...cases.map((scene) => scene.commitmentsOf)),
  };
}
