import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { IssuerKeys } from './issuer-keys.ts';

/** Whom an access token stands for. */
interface AccessTokenRequest {
  readonly sub: string;
  /** The app client, which API Gateway compares with the authorizer's audience; the issuer's own when left out. */
  readonly clientId?: string;
  /** The subject itself when left out, as in pools that sign in by e-mail. */
  readonly username?: string;
  /** Space-separated; what Cognito gives to a sign-in without OAuth scopes when left out. */
  readonly scope?: string;
  readonly groups?: readonly string[];
  /** 3,600, Cognito's default, when left out; a negative value makes a token that has expired. */
  readonly expiresInSeconds?: number;
}

/** What an ID token says besides; only tests have a use for one, since the API must refuse it. */
interface IdTokenRequest extends Omit<AccessTokenRequest, 'scope'> {
  readonly email?: string;
}

/** What the tokens of an issuer say of it and of their client. */
export interface IssuerIdentity {
  /** `iss` of every token. */
  readonly issuer: string;
  /** `client_id` of a token that names no other. */
  readonly clientId: string;
}

/** Makes tokens that only differ from a user pool's by their issuer. */
export interface TokenMaker extends IssuerIdentity {
  accessToken(request: AccessTokenRequest): Promise<string>;
  idToken(request: IdTokenRequest): Promise<string>;
}

const DEFAULT_SCOPE = 'aws.cognito.signin.user.admin';
const DEFAULT_SECONDS = 3600;

/**
 * Access tokens with exactly the header (`kid`, `alg`) and claims of Cognito's: `client_id` and no `aud`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
 */
export function tokenMaker(identity: IssuerIdentity, keys: IssuerKeys): TokenMaker {
  const { issuer } = identity;
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ kid: keys.kid, alg: 'RS256' }).sign(keys.privateKey);
  const groupsOf = (groups: readonly string[] | undefined) =>
    groups === undefined ? {} : { 'cognito:groups': groups };
  const timesFor = (expiresInSeconds = DEFAULT_SECONDS) => {
    const now = Math.floor(Date.now() / 1000);
    // A token that has expired was issued before that: the two times must not contradict each other.
    const issued = Math.min(now, now + expiresInSeconds - 1);
    return { auth_time: issued, exp: now + expiresInSeconds, iat: issued };
  };
  return {
    ...identity,
    accessToken: ({
      sub,
      clientId = identity.clientId,
      username = sub,
      scope = DEFAULT_SCOPE,
      groups,
      expiresInSeconds,
    }) => {
      const { auth_time, exp, iat } = timesFor(expiresInSeconds);
      return sign({
        sub,
        ...groupsOf(groups),
        iss: issuer,
        version: 2,
        client_id: clientId,
        origin_jti: randomUUID(),
        event_id: randomUUID(),
        token_use: 'access',
        scope,
        auth_time,
        exp,
        iat,
        jti: randomUUID(),
        username,
      });
    },
    idToken: ({ sub, clientId = identity.clientId, username = sub, groups, email, expiresInSeconds }) => {
      const { auth_time, exp, iat } = timesFor(expiresInSeconds);
      return sign({
        sub,
        ...groupsOf(groups),
        ...(email === undefined ? {} : { email, email_verified: true }),
        iss: issuer,
        'cognito:username': username,
        origin_jti: randomUUID(),
        aud: clientId,
        event_id: randomUUID(),
        token_use: 'id',
        auth_time,
        exp,
        iat,
        jti: randomUUID(),
      });
    },
  };
}
