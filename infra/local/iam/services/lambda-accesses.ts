import type { AccessesOf } from '../authorize-call.ts';
import type { Access } from '../request-context.ts';
import { accessesBy, type Home } from './access-table.ts';

/** What a call of a function asks for, by its name or ARN. */
export function invokeAccess({ region, accountId }: Home, target: string): Access {
  const name = target.split(':function:').at(-1)?.split(':')[0] ?? target;
  return { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${region}:${accountId}:function:${name}` };
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html; a body is the function's name. */
export function lambdaAccesses(home: Home): AccessesOf {
  return accessesBy('Lambda', { Invoke: (body) => [invokeAccess(home, String(body))] });
}
