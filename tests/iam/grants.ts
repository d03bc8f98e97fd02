import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../infra/local/template/json.ts';
import type { Stack, StackResource } from '../../infra/local/template/resolve-stack.ts';

/** One thing that one statement lets somebody do to one resource. */
export interface Grant {
  /** Logical id of the role that is let; where a resource's own policy, permission or trust lets, of what says so. */
  readonly holder: string;
  /** Logical id of the resource in which the statement stands, where in its properties, and which it is. */
  readonly source: string;
  readonly path: readonly (string | number)[];
  readonly statement: number;
  readonly action: string;
  /** `self` in a role's trust policy and in a function's permission, which are about what they are on. */
  readonly resource: string;
}

const SELF = 'self';
const Texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.looseObject({ Effect: z.string(), Action: Texts, Resource: Texts.optional() });
const Document = z.looseObject({ Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]) });

/** Every grant of a stack: those of its roles, and those that queues, buckets, functions and roles give others. */
export function grantsOf(stack: Stack): readonly Grant[] {
  return [...stack.resources.values()].flatMap((resource) =>
    resource.type === 'AWS::Lambda::Permission'
      ? [permission(resource)]
      : documentsOf(stack, resource).flatMap(({ holders, path }) => {
          const statements = Document.parse(valueAt(resource.properties, path)).Statement;
          return holders.flatMap((holder) =>
            statements.flatMap(({ Effect, Action, Resource = [SELF] }, statement) =>
              Effect !== 'Allow'
                ? []
                : Action.flatMap((action) =>
                    Resource.map((to) => ({
                      holder,
                      source: resource.logicalId,
                      path,
                      statement,
                      action,
                      resource: to,
                    })),
                  ),
            ),
          );
        }),
  );
}

/** The stack with this one grant taken out, and everything else that its statement grants left in. */
export function withoutGrant(stack: Stack, grant: Grant): Stack {
  const there = stack.resources.get(grant.source);
  if (there === undefined) throw new Error(`there is no ${grant.source}`);
  const resources = new Map(stack.resources);
  if (there.type === 'AWS::Lambda::Permission') resources.delete(grant.source);
  else {
    const properties = changedAt(there.properties, grant.path, (document) => withoutIn(document, grant));
    resources.set(grant.source, { ...there, properties });
  }
  return { ...stack, resources };
}

/**
 * The stack in which a holder may no longer do one thing, to any resource with `part` in its name; `holder` begins its
 * logical id.
 */
export function withoutAction(stack: Stack, holder: string, action: string, part = ''): Stack {
  const found = (there: Stack) =>
    grantsOf(there).find(
      (grant) => grant.holder.startsWith(holder) && grant.action === action && grant.resource.includes(part),
    );
  let left = stack;
  for (let grant = found(left); grant !== undefined; grant = found(left)) left = withoutGrant(left, grant);
  if (left === stack) throw new Error(`${holder} has no ${action}`);
  return left;
}

function permission({ logicalId, properties }: StackResource): Grant {
  const action = String(properties.Action);
  return { holder: logicalId, source: logicalId, path: [], statement: 0, action, resource: SELF };
}

/** Where policies stand in a resource, and who holds what they grant. */
function documentsOf(
  stack: Stack,
  { type, logicalId, properties }: StackResource,
): readonly { readonly holders: readonly string[]; readonly path: Grant['path'] }[] {
  switch (type) {
    case 'AWS::IAM::Policy': {
      const names = z.array(z.string()).parse(properties.Roles);
      const roles = [...stack.resources.values()].filter((one) => one.type === 'AWS::IAM::Role');
      return [
        {
          holders: roles.filter(({ ref }) => names.includes(ref)).map((role) => role.logicalId),
          path: ['PolicyDocument'],
        },
      ];
    }
    case 'AWS::IAM::Role': {
      const inline = z.array(z.unknown()).default([]).parse(properties.Policies);
      return [
        { holders: [logicalId], path: ['AssumeRolePolicyDocument'] },
        ...inline.map((_, index) => ({ holders: [logicalId], path: ['Policies', index, 'PolicyDocument'] })),
      ];
    }
    case 'AWS::S3::BucketPolicy':
    case 'AWS::SQS::QueuePolicy':
      return [{ holders: [logicalId], path: ['PolicyDocument'] }];
    default:
      return [];
  }
}

function withoutIn(document: Json | undefined, { statement, action, resource }: Grant): Json {
  const parsed = Document.parse(document);
  const Statement = parsed.Statement.flatMap(({ Resource, ...one }, index) => {
    const whole = { ...one, ...(Resource === undefined ? {} : { Resource }) };
    if (index !== statement) return [whole];
    const actions = one.Action.filter((name) => name !== action);
    const resources = (Resource ?? []).filter((name) => name !== resource);
    return [
      ...(actions.length === 0 ? [] : [{ ...whole, Action: actions }]),
      ...(resources.length === 0 ? [] : [{ ...whole, Action: [action], Resource: resources }]),
    ];
  });
  return { ...parsed, Statement } as Json;
}

function valueAt(value: Json | undefined, [step, ...rest]: Grant['path']): Json | undefined {
  if (step === undefined) return value;
  if (typeof step === 'number') return Array.isArray(value) ? valueAt(value[step], rest) : undefined;
  return isJsonObject(value) ? valueAt(value[step], rest) : undefined;
}

function changedAt(properties: JsonObject, path: Grant['path'], change: (value: Json | undefined) => Json): JsonObject {
  const changed = structuredClone(properties) as Record<string, Json>;
  let place: Record<string | number, Json> = changed;
  for (const step of path.slice(0, -1)) place = place[step] as unknown as typeof place;
  const last = path.at(-1) ?? '';
  place[last] = change(place[last]);
  return changed;
}
