import { z } from 'zod';
import { UnlistedOperation } from '../access-denied.ts';
import type { AccessesOf } from '../authorize-call.ts';
import type { Access } from '../request-context.ts';

/** Where the resources of one machine stand. */
export interface Home {
  readonly region: string;
  readonly accountId: string;
}

/** Operations of one service by name, each with what it asks IAM for. What has no line is refused. */
export type AccessTable = Readonly<Record<string, (body: unknown) => readonly Access[]>>;

/** Looks operations up in a table; a request that is not of its line's shape cannot be checked, and is refused too. */
export function accessesBy(service: string, table: AccessTable): AccessesOf {
  return (operation, body) => {
    const line = Object.hasOwn(table, operation) ? table[operation] : undefined;
    if (line === undefined) throw new UnlistedOperation(service, operation);
    try {
      return line(body);
    } catch (error) {
      throw error instanceof z.ZodError ? new UnlistedOperation(service, operation, z.prettifyError(error)) : error;
    }
  };
}
