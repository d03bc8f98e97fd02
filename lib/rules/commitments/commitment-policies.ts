import type { CommitmentPolicy } from '../../domain/commitment-policy.ts';

/** A policy that changes rows. */
export type ActingPolicy = Exclude<CommitmentPolicy, { policy: 'pass_through' }>;

/** The policies of those customers under one that changes rows, by customer. */
export type CommitmentPolicies = ReadonlyMap<string, ActingPolicy>;

/** Nobody's rows are changed. */
export const NO_POLICIES: CommitmentPolicies = new Map();

/** Whether anybody takes a share of the unused part of commitments. */
export function sharesUnused(policies: CommitmentPolicies): boolean {
  return [...policies.values()].some(({ policy }) => policy === 'allocate');
}

/** Whose policy is what: a customer's own, else the partner's. */
export function commitmentPolicies(
  partner: CommitmentPolicy,
  customers: readonly { readonly id: string; readonly commitments?: CommitmentPolicy | undefined }[],
): CommitmentPolicies {
  return new Map(
    customers.flatMap(({ id, commitments }) => {
      const policy = commitments ?? partner;
      return policy.policy === 'pass_through' ? [] : [[id, policy]];
    }),
  );
}
