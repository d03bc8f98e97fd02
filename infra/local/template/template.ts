import { z } from 'zod';
import type { Json } from './json.ts';
import { TemplateError } from './template-error.ts';

const json: z.ZodType<Json> = z.json();
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** The declaration of one parameter, with the constraints that CloudFormation checks before it makes anything. */
export const ParameterDeclaration = z.strictObject({
  Type: z.string(),
  Default: text.optional(),
  AllowedPattern: z.string().optional(),
  AllowedValues: z.array(text).optional(),
  ConstraintDescription: z.string().optional(),
  Description: z.string().optional(),
  MaxLength: z.coerce.number().optional(),
  MinLength: z.coerce.number().optional(),
  MaxValue: z.coerce.number().optional(),
  MinValue: z.coerce.number().optional(),
  NoEcho: z.unknown().optional(),
});
export type ParameterDeclaration = z.infer<typeof ParameterDeclaration>;

/** One resource as the template states it, nothing resolved. */
export const ResourceDeclaration = z.strictObject({
  Type: z.string(),
  Properties: z.record(z.string(), json).optional(),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Metadata: json.optional(),
  DeletionPolicy: json.optional(),
  UpdateReplacePolicy: json.optional(),
  CreationPolicy: json.optional(),
  UpdatePolicy: json.optional(),
});
export type ResourceDeclaration = z.infer<typeof ResourceDeclaration>;

/**
 * A CloudFormation template. An unknown section is refused: to ignore it would be to run something else than what
 * was synthesized. `Transform` is refused too, for nothing here expands macros.
 */
export const Template = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: json.optional(),
  Parameters: z.record(z.string(), ParameterDeclaration).default({}),
  Rules: z
    .record(
      z.string(),
      z.strictObject({
        RuleCondition: json.optional(),
        Assertions: z.array(z.strictObject({ Assert: json, AssertDescription: z.string().optional() })),
      }),
    )
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), json))).default({}),
  Conditions: z.record(z.string(), json).default({}),
  Resources: z.record(z.string(), ResourceDeclaration),
  Outputs: z
    .record(
      z.string(),
      z.strictObject({
        Value: json,
        Description: z.string().optional(),
        Export: json.optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
});
export type Template = z.infer<typeof Template>;

/** Parses a template; what does not fit is named with its path. */
export function parseTemplate(value: unknown): Template {
  const parsed = Template.safeParse(value);
  if (!parsed.success) throw new TemplateError('template', z.prettifyError(parsed.error));
  return parsed.data;
}
