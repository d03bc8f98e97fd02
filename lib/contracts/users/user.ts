import { z } from 'zod';
import { CustomerId } from '../../domain/ids.ts';

/** What a user may do: the partner's own people, or one customer's. */
export const UserInput = z
  .discriminatedUnion('role', [
    z.strictObject({ role: z.literal('partner') }),
    z.strictObject({ role: z.literal('customer'), customerId: CustomerId }),
  ])
  .meta({ id: 'UserInput' });

/** A user as answered: the `sub` of its tokens, and its role. */
export const UserAnswer = z
  .object({ sub: z.string(), role: z.enum(['partner', 'customer']), customerId: CustomerId.optional() })
  .meta({ id: 'User' });

/** Path of one user. */
export const UserPath = z.object({
  sub: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,128}$/)
    .meta({ description: 'The `sub` claim of the user’s tokens.' }),
});
