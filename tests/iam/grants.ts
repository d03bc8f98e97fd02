import { z } from 'zod';
import type { Json } from '../../infra/local/template/json.ts';
import type { Stack, StackResource } from '../../infra/local/template/resolve-stack.ts';

/** One thing that one statement of one policy lets one role do to one resource. */
export interface Grant {
  /** Logical id of the role. */
  readonly role: string;
  /** Logical id of the policy, and which of its statements. */
  readonly policy: string;
  readonly statement: number;
  readonly action: string;
  readonly resource: string;
}

const Texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.looseObject({ Action: Texts, Resource: Texts });
const Policy = z.object({
  Roles: z.array(z.string()),
  PolicyDocument: z.looseObject({ Statement: z.array(Statement) }),
});

/** Every grant of every role of a stack. */
export function grantsOf(stack: Stack): readonly Grant[] {
  const resources = [...stack.resources.values()];
  return resources
    .filter(({ type }) => type === 'AWS::IAM::Policy')
    .flatMap(({ logicalId, properties }) => {
      const { Roles, PolicyDocument } = Policy.parse(properties);
      return Roles.flatMap((name) => {
        const role = resources.find(({ type, ref }) => type === 'AWS::IAM::Role' && ref === name)?.logicalId ?? name;
        return PolicyDocument.Statement.flatMap(({ Action, Resource }, statement) =>
          Action.flatMap((action) =>
            Resource.map((resource) => ({ role, policy: logicalId, statement, action, resource })),
          ),
        );
      });
    });
}

/** The stack whose role may no longer do one thing, to whatever resource; `role` begins its logical id. */
export function withoutAction(stack: Stack, role: string, action: string): Stack {
  const grants = grantsOf(stack).filter((grant) => grant.role.startsWith(role) && grant.action === action);
  const [first] = grants;
  return first === undefined ? stack : withoutAction(withoutGrant(stack, first), role, action);
}

/** The stack with this one grant taken out, and everything else that its statement grants left in. */
export function withoutGrant(stack: Stack, { policy, statement, action, resource }: Grant): Stack {
  const there = stack.resources.get(policy);
  if (there === undefined) throw new Error(`there is no policy ${policy}`);
  const { PolicyDocument } = Policy.parse(there.properties);
  const Statement = PolicyDocument.Statement.flatMap((one, index) => {
    if (index !== statement) return [one];
    const actions = one.Action.filter((name) => name !== action);
    const resources = one.Resource.filter((name) => name !== resource);
    return [
      ...(actions.length === 0 ? [] : [{ ...one, Action: actions }]),
      ...(resources.length === 0 ? [] : [{ ...one, Action: [action], Resource: resources }]),
    ];
  });
  const document = { ...PolicyDocument, Statement } as Json;
  const changed: StackResource = { ...there, properties: { ...there.properties, PolicyDocument: document } };
  return { ...stack, resources: new Map([...stack.resources, [policy, changed]]) };
}
