import { z } from 'zod';

/** Every error of ours: RFC 9457 with the code of the catalogue and what to do next. */
export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    next: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
    links: z.record(z.string(), z.string()).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. `code` says which problem, `next` what to do.' });

/** What the gateway answers by itself: no or a bad token, throttling. */
export const GatewayMessage = z
  .object({ message: z.string() })
  .meta({ id: 'GatewayMessage', description: 'Answered by API Gateway before our code runs.' });
