import { z } from 'zod';
import { type Condition, ConditionElement, parseConditions } from './conditions.ts';
import { type Pattern, parsePattern } from './pattern.ts';
import { PolicyError } from './policy-error.ts';

/** A list that matches when one of its patterns does, or (`NotAction`, `NotResource`) when none does. */
export interface Selection {
  readonly patterns: readonly Pattern[];
  readonly negated: boolean;
}

/** Whom a statement of a resource's policy is about. */
export interface PrincipalElement {
  /** Account ids, ARNs, or `*`. */
  readonly aws: readonly string[];
  /** `events.amazonaws.com` */
  readonly services: readonly string[];
}

/** One statement, ready to be asked. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Selection;
  /** Absent in a role's trust policy, which is about the role itself. */
  readonly resources?: Selection;
  /** Absent in a policy of a role. */
  readonly principal?: PrincipalElement;
  readonly conditions: readonly Condition[];
}

/** A policy with a name for messages. */
export interface PolicyDocument {
  readonly name: string;
  readonly statements: readonly Statement[];
}

const Texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const PrincipalText = z.union([
  z.literal('*').transform(() => ({ AWS: ['*'], Service: [] })),
  z.strictObject({ AWS: Texts.default([]), Service: Texts.default([]) }),
]);
const StatementText = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: PrincipalText.optional(),
  Action: Texts.optional(),
  NotAction: Texts.optional(),
  Resource: Texts.optional(),
  NotResource: Texts.optional(),
  Condition: ConditionElement.default({}),
});
/** Without this version IAM takes no variables: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
const Document = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: z.union([StatementText.transform((one) => [one]), z.array(StatementText)]),
});

/**
 * Reads a policy as JSON states it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * @throws PolicyError naming the policy and the element, operator or key that is not played here.
 */
export function parsePolicy(name: string, document: unknown): PolicyDocument {
  const parsed = Document.safeParse(document);
  if (!parsed.success) throw new PolicyError(`${name}: ${z.prettifyError(parsed.error)}`);
  try {
    return { name, statements: parsed.data.Statement.map(statementOf) };
  } catch (error) {
    throw error instanceof PolicyError ? new PolicyError(`${name}: ${error.message}`) : error;
  }
}

function statementOf(text: z.infer<typeof StatementText>): Statement {
  const actions = selectionOf('Action', text.Action, text.NotAction, (action) => parsePattern(action.toLowerCase()));
  const resources = selectionOf('Resource', text.Resource, text.NotResource, parsePattern);
  if (actions === undefined) throw new PolicyError('a statement names neither Action nor NotAction');
  return {
    effect: text.Effect,
    actions,
    ...(resources === undefined ? {} : { resources }),
    ...(text.Principal === undefined
      ? {}
      : { principal: { aws: text.Principal.AWS, services: text.Principal.Service } }),
    conditions: parseConditions(text.Condition),
  };
}

function selectionOf(
  element: string,
  stated: readonly string[] | undefined,
  negated: readonly string[] | undefined,
  parse: (text: string) => Pattern,
): Selection | undefined {
  if (stated !== undefined && negated !== undefined)
    throw new PolicyError(`a statement has both ${element} and Not${element}`);
  const texts = stated ?? negated;
  return texts && { patterns: texts.map(parse), negated: negated !== undefined };
}
