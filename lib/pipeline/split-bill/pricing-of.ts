import { type CommitmentPolicies, commitmentPolicies } from '../../rules/commitments/commitment-policies.ts';
import { type CompiledRules, compileRules } from '../../rules/compile-rules.ts';
import type { PricedForm } from '../../rules/priced-columns.ts';
import type { Plan } from './plan.ts';

/** How a run prices: its rules compiled, whose commitments are whose, and the columns of what is priced. */
export interface RunPricing {
  readonly compiled: CompiledRules;
  readonly policies: CommitmentPolicies;
  readonly form: PricedForm;
}

/** The pricing of a run by some of its rules. */
export function pricingOf({ partner, customers, runId }: Plan, rules: Plan['rules']): RunPricing {
  const { precedence } = partner;
  const policies = commitmentPolicies(partner.commitments, customers);
  const compiled = compileRules(rules, { precedence, policies, runId });
  return { compiled, policies, form: { precedence, hasPolicies: policies.size > 0 } };
}
