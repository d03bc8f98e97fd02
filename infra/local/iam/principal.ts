import { z } from 'zod';

/** A role at work: a session of its own, as Lambda, Step Functions and AssumeRole make one. */
const RolePrincipal = z
  .object({
    kind: z.literal('role'),
    roleArn: z.string(),
    sessionName: z.string(),
    /** Session tags: `aws:PrincipalTag/<key>` in a policy. */
    tags: z.record(z.string(), z.string()).readonly(),
    /** The inline session policy (JSON text) of a caller that narrowed its rights. */
    policy: z.string().optional(),
  })
  .readonly();
export type RolePrincipal = z.infer<typeof RolePrincipal>;

/** A service that acts by itself, as EventBridge does for a rule and API Gateway for a route. */
const ServicePrincipal = z
  .object({
    kind: z.literal('service'),
    /** `events.amazonaws.com` */
    service: z.string(),
    /** The rule, route, … for which it acts. */
    sourceArn: z.string().optional(),
  })
  .readonly();

/** Whoever runs the machine: the command line, the tests, CloudFormation. Local only; nothing of a template is it. */
const Administrator = z.object({ kind: z.literal('administrator') }).readonly();

/** Who asks. */
export const Principal = z.union([RolePrincipal, ServicePrincipal, Administrator]);
export type Principal = z.infer<typeof Principal>;

export const ADMINISTRATOR: Principal = { kind: 'administrator' };

/** `arn:aws:iam::111122223333:role/path/Name` makes `arn:aws:sts::111122223333:assumed-role/Name/<session name>`. */
export function assumedRoleArn({ roleArn, sessionName }: Pick<RolePrincipal, 'roleArn' | 'sessionName'>): string {
  return roleArn
    .replace(':iam:', ':sts:')
    .replace(/:role\/(?:.*\/)?/, ':assumed-role/')
    .concat('/', sessionName);
}

/** As AWS names a caller in its refusals. */
export function principalName(principal: Principal): string {
  if (principal.kind === 'role') return assumedRoleArn(principal);
  return principal.kind === 'service' ? principal.service : 'the administrator of this machine';
}
