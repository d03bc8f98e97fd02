import { z } from 'zod';
import { contract } from '../contract.ts';
import { PageQuery, pageOf } from '../page.ts';

/** Sub accounts as seen in deliveries, owned or not. `displayName` is the name, or the id where there is none. */
export const listSubAccounts = contract({
  operationId: 'listSubAccounts',
  method: 'GET',
  path: '/v1/sub-accounts',
  tag: 'Assignments',
  summary: 'List sub accounts seen',
  roles: ['partner'],
  query: PageQuery.extend({
    q: z.string().min(1).max(200).optional().meta({ description: 'Part of the name or id, in any case of letters.' }),
  }),
  status: 200,
  answer: pageOf(
    z
      .object({
        id: z.string(),
        name: z.string().nullable(),
        provider: z.string().nullable(),
        displayName: z.string(),
      })
      .meta({ id: 'SubAccount' }),
  ),
  problems: [],
});
