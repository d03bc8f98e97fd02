import { createHash, randomUUID } from 'node:crypto';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import { assumedRoleArn } from '../iam/principal.ts';
import { type Signature, signedBy } from '../iam/signed-by.ts';
import { readRequest } from '../read-request.ts';
import { type StandIn, serve } from '../stand-in.ts';
import { writeXml, type XmlContent } from '../write-xml.ts';
import { assumedSession } from './assume-role.ts';
import { type RoleSession, RoleSessions } from './role-session.ts';
import { StsProblem } from './sts-problem.ts';

/** What IAM is asked. */
export interface AssumeRoleRequest {
  readonly signature: Signature;
  /** The session to be. */
  readonly session: RoleSession;
  /** Its tags that the request itself states: those of the caller's session are not among them. */
  readonly requestTags: Readonly<Record<string, string>>;
}

export interface StsOptions {
  readonly port?: number;
  readonly accountId?: string;
  readonly now?: () => Date;
  /** The sessions that keys lead back to; its own when absent. */
  readonly sessions?: RoleSessions;
  /**
   * Asked before a session is made; everybody is let in when it is absent.
   *
   * @throws AccessDenied, UnknownCaller
   */
  readonly authorize?: (request: AssumeRoleRequest) => void;
}

export interface StsStandIn extends StandIn {
  /** Undefined for long-term keys and for expired sessions. */
  sessionOf(accessKeyId: string): RoleSession | undefined;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** A role's unique id, made from its ARN. */
const roleIdOf = ({ roleArn }: RoleSession): string =>
  `AROA${createHash('sha256').update(roleArn).digest('hex').slice(0, 17).toUpperCase()}`;

/** STS in the query protocol: AssumeRole and GetCallerIdentity. */
export async function startSts(options: StsOptions = {}): Promise<StsStandIn> {
  const { accountId = '111122223333', now = () => new Date(), authorize = () => {} } = options;
  const { sessions = new RoleSessions(now) } = options;

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  function assumeRole(form: URLSearchParams, signature: Signature): XmlContent {
    const { session, requestTags } = assumedSession(form, sessions.find(signature.accessKeyId), now());
    authorize({ signature, session, requestTags });
    const { accessKeyId, secretAccessKey, sessionToken } = sessions.open(session);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: session.expiration.toISOString(),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${roleIdOf(session)}:${session.sessionName}`,
        Arn: assumedRoleArn(session),
      },
    };
  }

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
  function getCallerIdentity(accessKeyId: string): XmlContent {
    const session = sessions.find(accessKeyId);
    if (session === undefined) return { Arn: `arn:aws:iam::${accountId}:root`, UserId: accountId, Account: accountId };
    const UserId = `${roleIdOf(session)}:${session.sessionName}`;
    return { Arn: assumedRoleArn(session), UserId, Account: session.roleArn.split(':')[4] };
  }

  function answerTo(body: string, signature: Signature | undefined): string {
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    if (signature === undefined)
      throw new StsProblem('MissingAuthenticationToken', 'Request is missing Authentication Token');
    const { accessKeyId } = signature;
    if (accessKeyId.startsWith('ASIA') && sessions.find(accessKeyId) === undefined)
      throw new StsProblem('ExpiredTokenException', 'The security token included in the request is expired');
    const answers: Readonly<Record<string, () => XmlContent>> = {
      AssumeRole: () => assumeRole(form, signature),
      GetCallerIdentity: () => getCallerIdentity(accessKeyId),
    };
    const answer = answers[action];
    if (answer === undefined) throw new StsProblem('InvalidAction', `Could not find operation ${action}`);
    const content = { [`${action}Result`]: answer(), ResponseMetadata: { RequestId: randomUUID() } };
    return writeXml(`${action}Response`, content, NAMESPACE);
  }

  const standIn = await serve(async (request, response) => {
    response.setHeader('content-type', 'text/xml');
    try {
      response.end(await answerTo(await readRequest(request), signedBy(request.headers)));
    } catch (thrown) {
      const error = refusalOf(thrown);
      const known = error instanceof StsProblem;
      const Code = known ? error.code : 'InternalFailure';
      const Message = error instanceof Error ? error.message : String(error);
      const content = { Error: { Type: known ? 'Sender' : 'Receiver', Code, Message }, RequestId: randomUUID() };
      response.writeHead(known ? error.status : 500).end(writeXml('ErrorResponse', content, NAMESPACE));
    }
  }, options.port);
  return { ...standIn, sessionOf: (accessKeyId) => sessions.find(accessKeyId) };
}

function refusalOf(thrown: unknown): unknown {
  if (thrown instanceof AccessDenied) return new StsProblem('AccessDenied', thrown.message);
  return thrown instanceof UnknownCaller ? new StsProblem('InvalidClientTokenId', thrown.message) : thrown;
}
