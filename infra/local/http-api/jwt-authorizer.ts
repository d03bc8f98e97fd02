import type { IncomingHttpHeaders } from 'node:http';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { type GatewayAnswer, gatewayMessage } from './gateway-answer.ts';
import type { JwtAuthorizer } from './http-api-configuration.ts';

/** What a function learns of a token that was accepted; all claims are text, as HTTP APIs deliver them. */
export interface Grant {
  readonly claims: Readonly<Record<string, string>>;
  /** The token's scopes, null on a route that asks for none. */
  readonly scopes: readonly string[] | null;
}

/** The verdict on one request. */
type Verdict = { readonly grant: Grant } | { readonly refusal: GatewayAnswer };

/** Checks a request's token for a route's scopes. */
export type Authorize = (headers: IncomingHttpHeaders, query: string, scopes: readonly string[]) => Promise<Verdict>;

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });
/** "Currently, only RSA-based algorithms are supported." */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/**
 * The checks of API Gateway's JWT authorizer, in its order: signature by a key of the issuer that the token names,
 * `iss`, `aud` or, only where there is none, `client_id`, `exp`, `nbf`, `iat`, then scopes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function jwtAuthorizer({ issuer, documentsAt = issuer, audience, identitySource }: JwtAuthorizer): Authorize {
  let keys: JWTVerifyGetKey | undefined;
  const keysOfIssuer = async (): Promise<JWTVerifyGetKey> => {
    if (keys !== undefined) return keys;
    const response = await fetch(`${documentsAt.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { jwks_uri } = Discovery.parse(await response.json());
    keys = createRemoteJWKSet(new URL(jwks_uri));
    return keys;
  };
  return async (headers, query, scopes) => {
    const token = tokenOf(identitySource, headers, query);
    if (token === undefined) return { refusal: unauthorized('Bearer') };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, await keysOfIssuer(), {
        issuer,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp'],
      });
      if (protectedHeader.kid === undefined) return invalid('the token does not name a key');
      if (!hasAudience(payload, audience)) return invalid('the token does not have a valid audience');
      if (payload.iat !== undefined && payload.iat > Date.now() / 1000) return invalid('the token is not valid yet');
      return grantFor(payload, scopes);
    } catch (error) {
      return invalid(reasonOf(error));
    }
  };
}

/** `$request.header.<name>` or `$request.querystring.<name>`; the value may stand behind `Bearer`. */
function tokenOf(identitySource: string, headers: IncomingHttpHeaders, query: string): string | undefined {
  const [, place = '', name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(identitySource) ?? [];
  const value = place === 'header' ? headers[name.toLowerCase()] : new URLSearchParams(query).get(name);
  return typeof value === 'string' ? value.replace(/^Bearer(\s+|$)/i, '').trim() || undefined : undefined;
}

function hasAudience(payload: JWTPayload, audience: readonly string[]): boolean {
  const claimed = payload.aud ?? payload.client_id;
  return (Array.isArray(claimed) ? claimed : [claimed]).some(
    (one) => typeof one === 'string' && audience.includes(one),
  );
}

function grantFor(payload: JWTPayload, wanted: readonly string[]): Verdict {
  const held = scopesOf(payload.scope ?? payload.scp);
  if (wanted.length > 0 && !wanted.some((scope) => held.includes(scope)))
    return {
      refusal: gatewayMessage(403, 'Forbidden', {
        'www-authenticate': `Bearer scope="${wanted.join(' ')}" error="insufficient_scope" error_description="the token does not have the required scope"`,
      }),
    };
  return { grant: { claims: claimsAsText(payload), scopes: wanted.length > 0 ? held : null } };
}

function scopesOf(scope: unknown): readonly string[] {
  if (typeof scope === 'string') return scope.split(' ');
  return Array.isArray(scope) ? scope.map(String) : [];
}

/** Numbers become text, lists `[a b]`. */
function claimsAsText(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      if (Array.isArray(value)) return [name, `[${value.join(' ')}]`];
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the token does not have a valid ${error.claim}`;
  if (error instanceof errors.JOSEError) return 'signature is invalid';
  return 'the issuer could not be reached';
}

const invalid = (reason: string): Verdict => ({
  refusal: unauthorized(`Bearer scope="" error="invalid_token" error_description="${reason}"`),
});

function unauthorized(wwwAuthenticate: string): GatewayAnswer {
  return gatewayMessage(401, 'Unauthorized', { 'www-authenticate': wwwAuthenticate });
}
