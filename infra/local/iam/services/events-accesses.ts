import { z } from 'zod';
import type { AccessesOf } from '../authorize-call.ts';
import { accessesBy, type Home } from './access-table.ts';

const PutEvents = z.object({
  Entries: z.array(
    z.object({
      Source: z.string().optional(),
      DetailType: z.string().optional(),
      EventBusName: z.string().default('default'),
    }),
  ),
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export function eventsAccesses({ region, accountId }: Home): AccessesOf {
  return accessesBy('EventBridge', {
    PutEvents: (body) =>
      PutEvents.parse(body).Entries.map(({ Source, DetailType, EventBusName }) => ({
        action: 'events:PutEvents',
        resource: `arn:aws:events:${region}:${accountId}:event-bus/${EventBusName.split('/').at(-1)}`,
        context: {
          ...(Source === undefined ? {} : { 'events:source': Source }),
          ...(DetailType === undefined ? {} : { 'events:detail-type': DetailType }),
        },
      })),
  });
}
