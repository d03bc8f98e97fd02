import type { Integration } from '../domain/integration.ts';
import type { Page } from './run-store.ts';

/** Connected billing exports. */
export interface IntegrationStore {
  add(integration: Integration): Promise<'added' | 'exists'>;
  find(id: string): Promise<Integration | undefined>;
  list(query: { limit: number; cursor?: string | undefined }): Promise<Page<Integration>>;
}
