import { CustomerId, PreviewId, RuleId } from './ids.ts';

/** A fresh customer id from a random UUID. */
export function customerIdOf(uuid: string): CustomerId {
  return CustomerId.parse(`cus_${compact(uuid)}`);
}

/** A fresh rule id from a random UUID. */
export function ruleIdOf(uuid: string): RuleId {
  return RuleId.parse(`rul_${compact(uuid)}`);
}

/** A fresh preview id from a random UUID. */
export function previewIdOf(uuid: string): PreviewId {
  return PreviewId.parse(`prv_${uuid.replaceAll('-', '').toLowerCase()}`);
}

/**
 * 80 random bits are enough within one partner, and short enough to read aloud. Version and variant in the middle of a
 * UUID are the same in all of them (RFC 9562 §5.4).
 */
function compact(uuid: string): string {
  const digits = uuid.replaceAll('-', '').toLowerCase();
  return `${digits.slice(0, 12)}${digits.slice(-8)}`;
}
