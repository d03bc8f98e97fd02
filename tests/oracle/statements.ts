import { Precedence } from '../../lib/domain/settings.ts';
import type { StoredRule } from '../../lib/domain/stored-rule.ts';
import { compileRules } from '../../lib/rules/compile-rules.ts';
import { customerLedger } from '../../lib/rules/customer-ledger.ts';

const CUSTOMER = 'cus_000000000000';

/** Every statement that a set of rules compiles to, in each precedence, with a commitment policy in force. */
export function statementsOf(
  rules: readonly StoredRule[],
  partnerName = 'Partner',
  customerName = partnerName,
): readonly string[] {
  const policies = new Map([[CUSTOMER, { policy: 'allocate' } as const]]);
  return Precedence.options.flatMap((precedence) => {
    const { mostRules, partlyPriced, priced, waterfall } = compileRules(rules, {
      precedence,
      policies,
      runId: 'run_1',
    });
    const steps = mostRules === undefined ? 1 : 3;
    const long =
      mostRules === undefined ? [] : [...partlyPriced(9).map(({ select }) => select), priced(9), ...waterfall(9)];
    const form = { precedence, hasPolicies: true };
    const customers = [{ id: CUSTOMER, name: customerName }];
    const ledger = customerLedger({ partnerName, customers, rules, form });
    return [...(mostRules === undefined ? [] : [mostRules]), priced(steps), ...waterfall(steps), ...long, ledger];
  });
}
