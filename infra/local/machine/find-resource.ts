import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { resourcesOfType } from './resources-of-type.ts';

/**
 * The one resource of a type with this logical id, or whose id begins with it: CDK appends eight hexadecimal digits,
 * and puts the path of constructs before the name.
 *
 * @throws Error where none or several begin so and none is called so.
 */
export function findResource(stack: Stack, type: string, logicalIdStart: string): StackResource {
  const candidates = resourcesOfType(stack, type).filter(({ logicalId }) => logicalId.startsWith(logicalIdStart));
  const exact = candidates.filter(
    ({ logicalId }) => logicalId === logicalIdStart || /^[0-9A-F]{8}$/.test(logicalId.slice(logicalIdStart.length)),
  );
  const [found, ...more] = exact.length > 0 ? exact : candidates;
  if (found === undefined || more.length > 0)
    throw new Error(`the template has ${candidates.length} ${type} whose id begins with ${logicalIdStart}`);
  return found;
}
