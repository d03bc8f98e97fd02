import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What a role is allowed. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** Why a wildcard in `resources` is as narrow as it can be. Synthesis fails on a wildcard without one. */
  readonly wildcardReason?: string;
}

/** Adds one statement to a role, and the acknowledgement of its wildcards beside it. */
export function grant(role: Role, { actions, resources, conditions, wildcardReason }: Grant): void {
  role.addToPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...resources], conditions: { ...conditions } }),
  );
  if (wildcardReason !== undefined) acknowledgeWildcards(role, resources, wildcardReason);
}

/** Acknowledges the wildcards in these resources, one finding each, and no other wildcard of the role. */
export function acknowledgeWildcards(role: Construct, resources: readonly string[], reason: string): void {
  const findings = resources
    .map((resource) => flat(Stack.of(role).resolve(resource)))
    .filter((text) => text.includes('*'));
  for (const finding of new Set(findings))
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });
}

/** A resolved value as cdk-nag spells it in a finding: references in angle brackets, joins without their glue. */
function flat(value: unknown): string {
  if (typeof value === 'string') return value.replaceAll('${', '<').replaceAll('}', '>');
  if (typeof value !== 'object' || value === null) return String(value);
  const entries: Readonly<Record<string, unknown>> = { ...value };
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = entries;
  if (typeof reference === 'string') return `<${reference}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(flat).join(String(join[0]));
  return JSON.stringify(value);
}
