import { createHash, randomUUID } from 'node:crypto';
import { readRequest } from '../read-request.ts';
import { type StandIn, serve } from '../stand-in.ts';
import { writeXml, type XmlContent } from '../write-xml.ts';
import { assumedSession } from './assume-role.ts';
import { type RoleSession, RoleSessions } from './role-session.ts';
import { StsProblem } from './sts-problem.ts';

/** What a trust policy is asked. */
export interface AssumeRoleRequest {
  readonly callerAccessKeyId: string;
  /** The session of a caller that has assumed a role itself. */
  readonly caller?: RoleSession;
  /** The session to be. */
  readonly session: RoleSession;
}

export interface StsOptions {
  readonly port?: number;
  readonly accountId?: string;
  readonly now?: () => Date;
  /** Says whether the role's trust policy lets the caller in, tags and all; everybody is let in when it is absent. */
  readonly authorize?: (request: AssumeRoleRequest) => boolean | Promise<boolean>;
}

export interface StsStandIn extends StandIn {
  /** Undefined for long-term keys and for expired sessions. */
  sessionOf(accessKeyId: string): RoleSession | undefined;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** `arn:aws:iam::111122223333:role/path/Name` makes `arn:aws:sts::111122223333:assumed-role/Name/<session name>`. */
const assumedRoleArn = ({ roleArn, sessionName }: RoleSession): string =>
  roleArn
    .replace(':iam:', ':sts:')
    .replace(/:role\/(?:.*\/)?/, ':assumed-role/')
    .concat('/', sessionName);

/** A role's unique id, made from its ARN. */
const roleIdOf = ({ roleArn }: RoleSession): string =>
  `AROA${createHash('sha256').update(roleArn).digest('hex').slice(0, 17).toUpperCase()}`;

/** STS in the query protocol: AssumeRole and GetCallerIdentity. */
export async function startSts(options: StsOptions = {}): Promise<StsStandIn> {
  const { accountId = '111122223333', now = () => new Date(), authorize = () => true } = options;
  const sessions = new RoleSessions(now);

  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
  async function assumeRole(form: URLSearchParams, callerAccessKeyId: string): Promise<XmlContent> {
    const caller = sessions.find(callerAccessKeyId);
    const session = assumedSession(form, caller, now());
    if (!(await authorize({ callerAccessKeyId, session, ...(caller && { caller }) })))
      throw new StsProblem('AccessDenied', `Not authorized to perform sts:AssumeRole on resource: ${session.roleArn}`);
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

  async function answerTo(body: string, authorization: string | undefined): Promise<string> {
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    const accessKeyId = /Credential=([^/,\s]+)/.exec(authorization ?? '')?.[1];
    if (accessKeyId === undefined)
      throw new StsProblem('MissingAuthenticationToken', 'Request is missing Authentication Token');
    if (accessKeyId.startsWith('ASIA') && sessions.find(accessKeyId) === undefined)
      throw new StsProblem('ExpiredTokenException', 'The security token included in the request is expired');
    const answers: Readonly<Record<string, () => XmlContent | Promise<XmlContent>>> = {
      AssumeRole: () => assumeRole(form, accessKeyId),
      GetCallerIdentity: () => getCallerIdentity(accessKeyId),
    };
    const answer = answers[action];
    if (answer === undefined) throw new StsProblem('InvalidAction', `Could not find operation ${action}`);
    const content = { [`${action}Result`]: await answer(), ResponseMetadata: { RequestId: randomUUID() } };
    return writeXml(`${action}Response`, content, NAMESPACE);
  }

  const standIn = await serve(async (request, response) => {
    response.setHeader('content-type', 'text/xml');
    try {
      response.end(await answerTo(await readRequest(request), request.headers.authorization));
    } catch (error) {
      const known = error instanceof StsProblem;
      const Code = known ? error.code : 'InternalFailure';
      const Message = error instanceof Error ? error.message : String(error);
      const content = { Error: { Type: known ? 'Sender' : 'Receiver', Code, Message }, RequestId: randomUUID() };
      response.writeHead(known ? error.status : 500).end(writeXml('ErrorResponse', content, NAMESPACE));
    }
  }, options.port);
  return { ...standIn, sessionOf: (accessKeyId) => sessions.find(accessKeyId) };
}
