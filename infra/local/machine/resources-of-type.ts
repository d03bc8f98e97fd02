import type { Stack, StackResource } from '../template/resolve-stack.ts';

/** The stack's resources of one type, in the template's order. */
export function resourcesOfType(stack: Stack, type: string): readonly StackResource[] {
  return [...stack.resources.values()].filter((resource) => resource.type === type);
}
