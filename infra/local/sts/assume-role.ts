import { z } from 'zod';
import type { RoleSession } from './role-session.ts';
import { StsProblem } from './sts-problem.ts';

const TAGS_MAX = 50;
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html (role chaining): one hour */
const CHAINED_SECONDS_MAX = 3600;

/** Limits: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const Request = z.object({
  RoleArn: z.string().regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).optional(),
  Policy: z.string().min(1).optional(),
});
const TagKey = z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u);
const Tag = z.object({ Key: TagKey, Value: z.string().regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u) });

/** `Tags.member.1.Key=…`: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Examples */
function tagsOf(form: URLSearchParams): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let number = 1; form.has(`Tags.member.${number}.Key`); number++) {
    const part = (name: string): string => form.get(`Tags.member.${number}.${name}`) ?? '';
    const { Key, Value } = parsed(Tag, { Key: part('Key'), Value: part('Value') });
    const isTaken = Object.keys(tags).some((other) => other.toLowerCase() === Key.toLowerCase());
    if (isTaken)
      throw new StsProblem('InvalidParameterValue', 'Duplicate tag keys found. Tag keys are case insensitive.');
    tags[Key] = Value;
  }
  if (Object.keys(tags).length > TAGS_MAX) throw new StsProblem('ValidationError', `No more than ${TAGS_MAX} tags`);
  return tags;
}

function membersOf(form: URLSearchParams, name: string): string[] {
  const members: string[] = [];
  for (let number = 1; form.has(`${name}.member.${number}`); number++)
    members.push(form.get(`${name}.member.${number}`) ?? '');
  return members;
}

function parsed<Value>(schema: z.ZodType<Value>, input: unknown): Value {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new StsProblem('ValidationError', `1 validation error detected: ${z.prettifyError(result.error)}`);
}

/**
 * The session that an AssumeRole asks for, and the tags it states itself. A caller that is itself a session hands its transitive tags down, and may
 * not give them other values.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 *
 * @throws StsProblem ValidationError, InvalidParameterValue, AccessDenied
 */
export function assumedSession(
  form: URLSearchParams,
  caller: RoleSession | undefined,
  now: Date,
): { readonly session: RoleSession; readonly requestTags: Readonly<Record<string, string>> } {
  const { RoleArn, RoleSessionName, DurationSeconds = 3600, Policy } = parsed(Request, Object.fromEntries(form));
  if (caller !== undefined && DurationSeconds > CHAINED_SECONDS_MAX)
    throw new StsProblem(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  const tags = tagsOf(form);
  const transitive = membersOf(form, 'TransitiveTagKeys');
  const stray = transitive.find((key) => !(key in tags));
  if (stray !== undefined)
    throw new StsProblem('InvalidParameterValue', `The transitive tag key ${stray} is no tag of this request`);
  const inherited = Object.entries(caller?.tags ?? {}).filter(([key]) => caller?.transitiveTagKeys.includes(key));
  for (const [key] of inherited)
    if (Object.keys(tags).some((own) => own.toLowerCase() === key.toLowerCase()))
      throw new StsProblem('AccessDenied', `The tag ${key} was set by the caller's session and is transitive`);
  const session: RoleSession = {
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    tags: { ...Object.fromEntries(inherited), ...tags },
    transitiveTagKeys: [...inherited.map(([key]) => key), ...transitive],
    ...(Policy === undefined ? {} : { policy: Policy }),
    expiration: new Date(now.getTime() + DurationSeconds * 1000),
  };
  return { session, requestTags: tags };
}
