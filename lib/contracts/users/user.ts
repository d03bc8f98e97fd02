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
    .regex(/^[A-Za-z0-9._~|:@+=-]{1,255}$/, 'a subject: 1 to 255 letters, digits or ._~|:@+=-')
    .meta({ description: 'The `sub` claim of the user’s tokens.' }),
});
