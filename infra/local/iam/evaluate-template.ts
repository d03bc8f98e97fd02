import { resolveStack } from '../template/resolve-stack.ts';
import type { StackOptions } from '../template/scopes.ts';
import type { Decision } from './decide.ts';
import type { Principal } from './principal.ts';
import type { Access } from './request-context.ts';
import { stackPolicies } from './stack-policies.ts';

/** One question to a template: may the role of this logical id, or whoever is named in full, do this? */
export interface TemplateQuestion extends Access {
  readonly role: string | Principal;
}

/**
 * What IAM would say of one request if this template were deployed, without a machine: for comparing with another
 * judge, grant by grant. `template` is the synthesized JSON, changed or not.
 *
 * @throws {TemplateError} where CloudFormation or this evaluator would refuse the template, or it has no such role.
 */
export function evaluateTemplate(template: unknown, question: TemplateQuestion, options: StackOptions): Decision {
  const stack = resolveStack(template, options);
  return stackPolicies(stack).decide(principalOf(question.role), question);

  function principalOf(role: string | Principal): Principal {
    if (typeof role !== 'string') return role;
    const roleArn = stack.resources.get(role)?.arn;
    if (roleArn === undefined) throw new Error(`the template has no role ${role}`);
    return { kind: 'role', roleArn, sessionName: 'question', tags: {} };
  }
}
