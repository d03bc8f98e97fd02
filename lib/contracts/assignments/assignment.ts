import { z } from 'zod';
import { Assignment, SubAccountOwner } from '../../domain/assignment.ts';
import { Day } from '../../domain/day.ts';

/** First and last day of an ownership, both inclusive (UTC); null or absent `to` is without end. */
const FirstDay = Day.nullable().meta({
  description: 'First day (UTC), inclusive; null: always.',
  example: '2025-03-01',
});
const LastDay = Day.nullable().default(null).meta({ description: 'Last day (UTC), inclusive; null: without end.' });

/** One sub account to assign; an absent `from` is the first day of the current month. */
export const SubAccountToAssign = z.strictObject({
  subAccountId: Assignment.shape.subAccountId.meta({ example: '123456789012' }),
  provider: Assignment.shape.provider
    .default(null)
    .meta({ description: 'A ProviderName, only where two providers share the id.' }),
  from: FirstDay.optional(),
  to: LastDay,
});

/** Assigns up to 40 sub accounts to one owner, all or none. */
export const AssignmentInput = z
  .strictObject({ owner: SubAccountOwner, subAccounts: z.array(SubAccountToAssign).max(40) })
  .meta({ id: 'AssignmentInput' });

/** Most owners of one sub account, one after the other. */
export const OWNERS_MOST = 100;

/** All owners that a sub account is to have. */
export const OwnersInput = z
  .strictObject({
    owners: z
      .array(z.strictObject({ owner: SubAccountOwner, from: Day.nullable(), to: Day.nullable() }))
      .max(OWNERS_MOST),
  })
  .meta({ id: 'OwnersInput' });

/** All owners of one sub account, days inclusive. */
export const AssignmentAnswer = z
  .object({
    subAccountId: z.string(),
    provider: z.string().nullable(),
    owners: z.array(z.object({ owner: SubAccountOwner, from: Day.nullable(), to: Day.nullable() })),
    version: z.int(),
  })
  .meta({ id: 'Assignment' });
