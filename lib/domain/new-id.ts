import { CustomerId, RuleId } from './ids.ts';

/** A fresh customer id from a random UUID. */
export function customerIdOf(uuid: string): CustomerId {
  return CustomerId.parse(`cus_${compact(uuid)}`);
}

/** A fresh rule id from a random UUID. */
export function ruleIdOf(uuid: string): RuleId {
  return RuleId.parse(`rul_${compact(uuid)}`);
}

/** 80 random bits are enough within one partner, and short enough to read aloud. */
function compact(uuid: string): string {
  return uuid.replaceAll('-', '').slice(-20).toLowerCase();
}
