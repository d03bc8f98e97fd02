import { z } from 'zod';
import { readProperties } from '../machine/read-properties.ts';
import { resourcesOfType } from '../machine/resources-of-type.ts';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { type Decision, decide } from './decide.ts';
import { type PolicyDocument, parsePolicy } from './policy-document.ts';
import type { Principal } from './principal.ts';
import type { Access } from './request-context.ts';

/** Whatever a stack says of rights, ready to be asked. */
export interface StackPolicies {
  /** IAM's answer by this stack. A role that it does not have has no rights. */
  decide(principal: Principal, access: Access): Decision;
}

const Inline = z.array(z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]);
const RoleProperties = z.object({
  AssumeRolePolicyDocument: z.unknown(),
  Policies: Inline,
  ManagedPolicyArns: z.array(z.string()).default([]),
  PermissionsBoundary: z.undefined({ error: 'a permissions boundary is not played here' }).optional(),
});
const RoleNames = z.array(z.string()).default([]);
const AttachedProperties = z.object({ PolicyDocument: z.unknown(), Roles: RoleNames });
const BucketPolicyProperties = z.object({ Bucket: z.string(), PolicyDocument: z.unknown() });
const QueuePolicyProperties = z.object({ Queues: z.array(z.string()), PolicyDocument: z.unknown() });
const PermissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/**
 * Reads every policy of a stack: of its roles (inline, attached, managed, trust), buckets, queues and functions.
 *
 * @throws {TemplateError} naming the resource whose policy says what is not played here.
 */
export function stackPolicies(stack: Stack): StackPolicies {
  const identity = new Map<string, readonly PolicyDocument[]>();
  const ofResource = new Map<string, PolicyDocument[]>();
  const addToResource = (arn: string, policy: PolicyDocument) =>
    ofResource.set(arn, [...(ofResource.get(arn) ?? []), policy]);
  for (const role of resourcesOfType(stack, 'AWS::IAM::Role')) {
    const properties = readProperties(RoleProperties, role);
    const arn = role.arn ?? '';
    identity.set(arn, [
      ...properties.Policies.map((one) => parse(role, one.PolicyDocument, one.PolicyName)),
      ...attachedTo(stack, role),
      ...properties.ManagedPolicyArns.map((policyArn) => managed(stack, role, policyArn)),
    ]);
    addToResource(arn, parse(role, properties.AssumeRolePolicyDocument, 'trust policy'));
  }
  for (const resource of resourcesOfType(stack, 'AWS::S3::BucketPolicy')) {
    const { Bucket, PolicyDocument } = readProperties(BucketPolicyProperties, resource);
    addToResource(`arn:aws:s3:::${Bucket}`, parse(resource, PolicyDocument));
  }
  const queues = resourcesOfType(stack, 'AWS::SQS::Queue');
  for (const resource of resourcesOfType(stack, 'AWS::SQS::QueuePolicy')) {
    const { Queues, PolicyDocument } = readProperties(QueuePolicyProperties, resource);
    for (const url of Queues)
      addToResource(queues.find(({ ref }) => ref === url)?.arn ?? '', parse(resource, PolicyDocument));
  }
  for (const resource of resourcesOfType(stack, 'AWS::Lambda::Permission')) {
    const { arn, document } = permission(stack, resource);
    addToResource(arn, parse(resource, document));
  }
  return {
    decide: (principal, access) => {
      const isRole = /^arn:aws:iam::\d+:role\//.test(access.resource);
      return decide(principal, access, {
        identity: principal.kind === 'role' ? (identity.get(principal.roleArn) ?? []) : [],
        session:
          principal.kind === 'role' && principal.policy !== undefined
            ? parsePolicy('the session’s policy', JSON.parse(principal.policy))
            : undefined,
        resource: ofResource.get(resourceOf(access.resource)) ?? [],
        resourceMustAllow: isRole,
      });
    },
  };
}

/** A bucket's policy is its objects' too. */
function resourceOf(arn: string): string {
  return arn.startsWith('arn:aws:s3:::') ? (arn.split('/')[0] ?? arn) : arn;
}

function parse(resource: StackResource, document: unknown, part?: string): PolicyDocument {
  try {
    return parsePolicy(part === undefined ? resource.logicalId : `${resource.logicalId} (${part})`, document);
  } catch (error) {
    throw new TemplateError(resource.logicalId, error instanceof Error ? error.message : String(error));
  }
}

function attachedTo(stack: Stack, role: StackResource): readonly PolicyDocument[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resourcesOfType(stack, type).flatMap((resource) => {
      const { PolicyDocument, Roles } = readProperties(AttachedProperties, resource);
      return Roles.includes(role.ref) ? [parse(resource, PolicyDocument)] : [];
    }),
  );
}

function managed(stack: Stack, role: StackResource, policyArn: string): PolicyDocument {
  const policy = resourcesOfType(stack, 'AWS::IAM::ManagedPolicy').find(({ ref }) => ref === policyArn);
  if (policy === undefined)
    throw new TemplateError(role.logicalId, `the managed policy ${policyArn} is not of this stack`);
  return parse(policy, readProperties(AttachedProperties, policy).PolicyDocument);
}

/** The statement that Lambda makes of a permission: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
function permission(stack: Stack, resource: StackResource): { readonly arn: string; readonly document: object } {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = readProperties(PermissionProperties, resource);
  const name = FunctionName.split(':function:').at(-1) ?? FunctionName;
  const arn = resourcesOfType(stack, 'AWS::Lambda::Function').find((one) => one.name === name)?.arn;
  if (arn === undefined) throw new TemplateError(resource.logicalId, `${FunctionName} is no function of this stack`);
  const statement = {
    Effect: 'Allow',
    Principal: /^\d{12}$|^arn:/.test(Principal) ? { AWS: Principal } : { Service: Principal },
    Action,
    Resource: arn,
    Condition: {
      ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
    },
  };
  return { arn, document: { Version: '2012-10-17', Statement: [statement] } };
}
