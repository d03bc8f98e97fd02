import type { IntegrationId } from '../domain/ids.ts';
import type { SeenSubAccount } from '../sources/delivered-bill.ts';
import type { Page } from './run-store.ts';

/** Remembers which sub accounts bills have named, so that the partner can assign them before and after they cost money. */
export interface SubAccountRegistry {
  /** Notes sub accounts of a delivery; one that is known keeps its first sighting and takes the newest name. */
  noteSeen(integrationId: IntegrationId, subAccounts: readonly SeenSubAccount[], at: string): Promise<void>;
  /** Those whose name or id contains `q`, in whatever case of letters; all without it. */
  list(query: { limit: number; cursor?: string | undefined; q?: string | undefined }): Promise<Page<SeenSubAccount>>;
}
