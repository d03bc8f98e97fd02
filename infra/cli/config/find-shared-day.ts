import type { OwnedRange } from '../../../lib/domain/assignment.ts';
import { dayAfter } from '../../../lib/domain/day.ts';
import { foldedId } from '../../../lib/domain/folded-id.ts';
import { overlap } from '../../../lib/domain/owned-ranges.ts';
import { type ApportionConfig, type OwnedSubAccount, ownedSubAccount } from './apportion-config.ts';

interface Claim extends OwnedSubAccount {
  readonly ownerName: string;
}

/** The first sub account that two owners claim on one day; ids ignore the case of ASCII letters. */
export function findSharedDay({
  partner,
  customers,
}: ApportionConfig): { id: string; owners: [string, string] } | undefined {
  const claims: Claim[] = [
    ...partner.subAccounts.map((entry) => ({ ...ownedSubAccount(entry), ownerName: 'the partner' })),
    ...customers.flatMap(({ name, subAccounts }) =>
      subAccounts.map((entry) => ({ ...ownedSubAccount(entry), ownerName: name })),
    ),
  ];
  const byId = Map.groupBy(claims, ({ id, provider }) => JSON.stringify([foldedId(id), provider]));
  for (const [, group] of byId) {
    for (const [index, claim] of group.entries()) {
      const others = group.slice(index + 1).filter(({ ownerName }) => ownerName !== claim.ownerName);
      const other = others.find((one) => overlap(daysOf(claim), daysOf(one)));
      if (other) return { id: claim.id, owners: [claim.ownerName, other.ownerName] };
    }
  }
  return undefined;
}

function daysOf({ from, to }: OwnedSubAccount): OwnedRange {
  return { owner: 'partner', from, to: to && dayAfter(to) };
}
