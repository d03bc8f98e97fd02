import { z } from 'zod';
import type { Caller } from '../contracts/contract.ts';
import { Problem } from '../domain/problem.ts';
import type { UserStore } from '../ports/user-store.ts';

/** A Cognito access token's claims that count; an id token has another `token_use` and is no key to the API. */
const AccessClaims = z.object({ token_use: z.literal('access'), sub: z.string().min(1).max(255) });

/** A caller that the token proves, though the registry may not know it. */
export type Identified = Caller | { readonly role: 'none'; readonly sub: string };

/**
 * Who calls. The token proves only `sub`; role and customer come from the registry on every request, never from
 * attributes a user could write. The first partner is named by the deployment itself. Throws Problem `unauthenticated`
 * without an access token.
 */
export const identifyCaller =
  (deps: { users: UserStore; firstPartnerSubject: string }) =>
  async (claims: Readonly<Record<string, unknown>> | undefined): Promise<Identified> => {
    const parsed = AccessClaims.safeParse(claims);
    if (!parsed.success) throw new Problem('unauthenticated', { reason: 'an access token is required' });
    const { sub } = parsed.data;
    const user = await deps.users.find(sub);
    if (user) return user;
    if (deps.firstPartnerSubject !== '' && sub === deps.firstPartnerSubject) return { role: 'partner', sub };
    return { role: 'none', sub };
  };
