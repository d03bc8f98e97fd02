import { z } from 'zod';
import type { StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';

/** A number or boolean that a parameter may have made text of. */
export const Numeric = z.coerce.number();
export const Flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/**
 * A resource's properties as this machine needs them.
 *
 * @throws {TemplateError} naming the resource and the property that does not fit.
 */
export function readProperties<Schema extends z.ZodType>(schema: Schema, resource: StackResource): z.output<Schema> {
  const parsed = schema.safeParse(resource.properties);
  if (!parsed.success) throw new TemplateError(resource.logicalId, z.prettifyError(parsed.error));
  return parsed.data;
}
