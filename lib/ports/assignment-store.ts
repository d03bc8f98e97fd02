import type { Assignment } from '../domain/assignment.ts';
import type { Page } from './run-store.ts';

/** Owners of sub accounts: one item per (sub account, provider). Ids ignore the case of ASCII letters. */
export interface AssignmentStore {
  find(subAccountId: string, provider: string | null): Promise<Assignment | undefined>;
  list(query: { limit: number; cursor?: string | undefined }): Promise<Page<Assignment>>;
  /** Writes all or none, each over the version before it (version 1: must be new), and raises the configRevision. */
  replaceAll(assignments: readonly Assignment[]): Promise<'replaced' | 'stale'>;
}
