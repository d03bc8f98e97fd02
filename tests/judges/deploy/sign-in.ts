import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto';
import {
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider';

/** The 3072-bit group of RFC 3526, section 4, with generator 2: what Cognito's SRP counts in. */
const PRIME = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const GENERATOR = 2n;

/** Who signs in where; `poolId` is `region_name`. */
export interface SignIn {
  readonly client: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password: string;
}

/**
 * The access token of a user who signs in with a password that never leaves this process (RFC 5054's SRP-6a as Amazon's
 * own amplify-js computes it): the only way in that the template's client allows.
 */
export async function signIn({ client, poolId, clientId, userName, password }: SignIn): Promise<string> {
  const a = BigInt(`0x${randomBytes(128).toString('hex')}`) % PRIME;
  const publicA = power(GENERATOR, a);
  const { ChallengeParameters: asked } = await client.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_SRP_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: userName, SRP_A: publicA.toString(16) },
    }),
  );
  const { USER_ID_FOR_SRP: userId = '', SRP_B = '0', SALT = '0', SECRET_BLOCK: secretBlock = '' } = asked ?? {};
  const publicB = BigInt(`0x${SRP_B}`);
  const scrambler = hashed(padded(publicA), padded(publicB));
  const pool = poolId.split('_')[1] ?? '';
  const inner = createHash('sha256').update(`${pool}${userId}:${password}`).digest();
  const x = hashed(padded(BigInt(`0x${SALT}`)), inner);
  const multiplier = hashed(padded(PRIME), padded(GENERATOR));
  const base = (((publicB - multiplier * power(GENERATOR, x)) % PRIME) + PRIME) % PRIME;
  const secret = power(base, a + scrambler * x);
  const key = Buffer.from(hkdfSync('sha256', padded(secret), padded(scrambler), 'Caldera Derived Key', 16));
  const timestamp = timestampOf(new Date());
  const signature = createHmac('sha256', key)
    .update(pool + userId)
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest('base64');
  const { AuthenticationResult } = await client.send(
    new RespondToAuthChallengeCommand({
      ChallengeName: 'PASSWORD_VERIFIER',
      ClientId: clientId,
      ChallengeResponses: {
        USERNAME: userId,
        PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
        PASSWORD_CLAIM_SIGNATURE: signature,
        TIMESTAMP: timestamp,
      },
    }),
  );
  if (AuthenticationResult?.AccessToken === undefined) throw new Error(`${userName} was not signed in`);
  return AuthenticationResult.AccessToken;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % PRIME;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

/** Its bytes, with a leading zero where the first bit is set: a positive number in two's complement. */
function padded(value: bigint): Buffer {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function hashed(...parts: readonly Buffer[]): bigint {
  return BigInt(`0x${createHash('sha256').update(Buffer.concat(parts)).digest('hex')}`);
}

/** `Wed Nov 25 08:00:00 UTC 2026`, the day without a zero before it. */
function timestampOf(now: Date): string {
  const [weekday = '', day, month, year, time] = now.toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}
