import { createHash } from 'node:crypto';
import { resolve, resolveProperties, truth } from './intrinsics.ts';
import type { Json, JsonObject } from './json.ts';
import { resolveParameters } from './parameters.ts';
import { kindOf, Scopes, type StackOptions } from './scopes.ts';
import { parseTemplate, type Template } from './template.ts';
import { TemplateError } from './template-error.ts';

/** One resource of the stack, with nothing left to resolve. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** What `Ref` answers: a name, a URL (queues) or an ARN (state machines). */
  readonly ref: string;
  readonly name: string;
  /** `Fn::GetAtt … Arn`, absent for types that have none. */
  readonly arn?: string;
  readonly properties: JsonObject;
}

/** A template with its parameters given: what CloudFormation would make. */
export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Resolves a CloudFormation template to its resources and outputs; `DependsOn` and deletion policies have no meaning
 * here. Resources whose condition is false do not exist.
 *
 * @throws {TemplateError} naming the logical id, parameter or output that CloudFormation, or this machine, would refuse.
 */
export function resolveStack(source: unknown, options: StackOptions): Stack {
  const template = parseTemplate(source);
  const id = stackId(options);
  const parameters = resolveParameters(template.Parameters, options.parameters);
  const scopes = new Scopes(template, parameters, id, options);
  checkRules(template, scopes);
  const resources = new Map<string, StackResource>();
  for (const [logicalId, declaration] of Object.entries(template.Resources)) {
    if (!scopes.exists(declaration)) continue;
    const kind = kindOf(logicalId, declaration);
    const address = scopes.address(logicalId, declaration, kind);
    const arn = kind.attributes.Arn?.(address);
    resources.set(logicalId, {
      logicalId,
      type: declaration.Type,
      ref: kind.ref?.(address) ?? address.name,
      name: address.name,
      ...(arn === undefined ? {} : { arn }),
      properties: resolveProperties(declaration.Properties ?? {}, scopes.at(logicalId)),
    });
  }
  const outputs: Record<string, string> = {};
  for (const [name, output] of Object.entries(template.Outputs)) {
    const scope = scopes.at(`output ${name}`);
    if (output.Condition !== undefined && !scope.condition(output.Condition)) continue;
    outputs[name] = String(resolve(output.Value, scope));
  }
  return { name: options.stackName, id, parameters, resources, outputs };
}

function stackId({ stackName, region, accountId }: StackOptions): string {
  const hex = createHash('sha256').update(stackName).digest('hex');
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${uuid}`;
}

/** The Rules section: assertions over parameters, checked before anything is made. */
function checkRules(template: Template, scopes: Scopes): void {
  for (const [name, { RuleCondition, Assertions }] of Object.entries(template.Rules)) {
    const scope = scopes.at(`rule ${name}`);
    if (RuleCondition !== undefined && !truth(RuleCondition, scope)) continue;
    for (const { Assert, AssertDescription } of Assertions)
      if (!truth(Assert, scope))
        throw new TemplateError(`rule ${name}`, AssertDescription ?? `assertion failed: ${JSON.stringify(Assert)}`);
  }
}
