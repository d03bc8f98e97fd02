import type { IssuerIdentity } from '../issuer/tokens.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { LOCAL_CLIENT_ID } from './local-parameters.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** Whom the local issuer plays: the stack's user pool with its client, under the pool's own name, or else itself. */
export function issuerIdentity(stack: Stack, endpoint: string, region: string): IssuerIdentity {
  const pool = resourcesOfType(stack, 'AWS::Cognito::UserPool')[0];
  const client = resourcesOfType(stack, 'AWS::Cognito::UserPoolClient')[0];
  if (pool === undefined || client === undefined) return { issuer: endpoint, clientId: LOCAL_CLIENT_ID };
  return { issuer: `https://cognito-idp.${region}.amazonaws.com/${pool.ref}`, clientId: client.ref };
}
