import type { CommitmentPolicy } from '../../domain/commitment-policy.ts';

/** What each policy makes of a row on which a commitment was used (`pricing.md` §7). */
const EXPLANATIONS: {
  readonly [Policy in CommitmentPolicy['policy']]: (policy: Extract<CommitmentPolicy, { policy: Policy }>) => string;
} = {
  pass_through: () => 'passes commitments on as delivered',
  retain: () => 'keeps the benefit of commitments with the partner: usage is charged on demand',
  share: ({ percent }) =>
    `shares the benefit of commitments: usage is charged on demand less ${percent} % of what it saved`,
  allocate: () => 'charges usage at its amortised cost, and its part of what nobody used',
};

/** A commitment policy in words. */
export function explainPolicy<Policy extends CommitmentPolicy['policy']>(
  policy: Extract<CommitmentPolicy, { policy: Policy }>,
): string {
  const kind: Policy = policy.policy;
  return EXPLANATIONS[kind](policy);
}
