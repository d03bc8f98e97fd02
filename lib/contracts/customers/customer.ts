import { z } from 'zod';
import { CommitmentPolicy } from '../../domain/commitment-policy.ts';
import { CustomerTenant } from '../../domain/customer-tenant.ts';
import { CustomerId } from '../../domain/ids.ts';

/** What a caller gives of a customer tenant. */
export const CustomerInput = z
  .strictObject({
    name: CustomerTenant.shape.name.meta({ example: 'Contoso' }),
    commitments: CommitmentPolicy.optional().meta({ description: 'Default: the partner’s own policy.' }),
  })
  .meta({ id: 'CustomerInput' });

/** A customer tenant as answered. */
export const CustomerAnswer = z
  .object({
    id: CustomerId,
    name: z.string(),
    commitments: CommitmentPolicy.optional(),
    createdAt: z.iso.datetime(),
    version: z.int(),
  })
  .meta({ id: 'Customer' });

/** Path of one customer. */
export const CustomerPath = z.object({ customerId: CustomerId.meta({ description: 'The customer’s id.' }) });
