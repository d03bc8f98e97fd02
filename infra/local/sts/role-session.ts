import { randomBytes } from 'node:crypto';
import type { Signature } from '../iam/signed-by.ts';

/** Who acts with the credentials of one AssumeRole. */
export interface RoleSession {
  readonly roleArn: string;
  readonly sessionName: string;
  /** Session tags, `aws:PrincipalTag/<key>` in a policy; those of the caller that were transitive are among them. */
  readonly tags: Readonly<Record<string, string>>;
  /** Keys of tags that go on to sessions assumed from this one. */
  readonly transitiveTagKeys: readonly string[];
  /** The inline session policy, when the caller narrowed its rights. */
  readonly policy?: string;
  readonly expiration: Date;
}

/** Temporary credentials: https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** Sessions by the access key id they were given. They end with the process: a caller then assumes its role again. */
export class RoleSessions {
  readonly #now: () => Date;
  readonly #byAccessKeyId = new Map<string, RoleSession>();
  readonly #tokens = new Map<string, string>();

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  /** Makes credentials for a session. Temporary access key ids begin with ASIA. */
  open(session: RoleSession): SessionCredentials {
    for (const [old, { expiration }] of this.#byAccessKeyId) if (expiration <= this.#now()) this.#forget(old);
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const sessionToken = randomBytes(96).toString('base64');
    this.#byAccessKeyId.set(accessKeyId, session);
    this.#tokens.set(accessKeyId, sessionToken);
    return { accessKeyId, secretAccessKey: randomBytes(30).toString('base64'), sessionToken };
  }

  /** Undefined for long-term keys, for keys of another process, and once the session has expired. */
  find(accessKeyId: string): RoleSession | undefined {
    const session = this.#byAccessKeyId.get(accessKeyId);
    return session !== undefined && session.expiration > this.#now() ? session : undefined;
  }

  /** As `find`, for keys that came with the token they were given with. */
  findSigned({ accessKeyId, sessionToken }: Signature): RoleSession | undefined {
    return this.#tokens.get(accessKeyId) === sessionToken ? this.find(accessKeyId) : undefined;
  }

  #forget(accessKeyId: string): void {
    this.#byAccessKeyId.delete(accessKeyId);
    this.#tokens.delete(accessKeyId);
  }
}
