import type { Plan } from './plan.ts';

/** The smallest plan that still fails: parts are left out one by one, as long as `fails` says so. */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let smallest = plan;
  for (let before: Plan | undefined; before !== smallest; ) {
    before = smallest;
    for (const smaller of withoutOne(smallest)) {
      if (!(await fails(smaller))) continue;
      smallest = smaller;
      break;
    }
  }
  return smallest;
}

function* withoutOne(plan: Plan): Iterable<Plan> {
  for (const part of ['faults', 'edits', 'deliveries'] as const)
    for (const place of plan[part].keys())
      yield { ...plan, [part]: (plan[part] as readonly unknown[]).filter((_, index) => index !== place) };
}
