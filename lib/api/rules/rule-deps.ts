import type { RuleId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CustomerStore } from '../../ports/customer-store.ts';
import type { RuleStore } from '../../ports/rule-store.ts';
import type { Repricing } from '../ask-repricing.ts';

/** What the rule operations need of the world. */
export interface RuleDeps {
  readonly rules: RuleStore;
  readonly customers: Pick<CustomerStore, 'find'>;
  readonly clock: Clock;
  readonly newRuleId: () => RuleId;
  readonly repricing: Repricing;
}
