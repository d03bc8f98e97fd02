import type { PartnerSettings } from '../domain/settings.ts';

/** The partner's settings, one item. */
export interface SettingsStore {
  read(): Promise<PartnerSettings>;
  /** Writes over the version before, and raises the configRevision. */
  replace(settings: PartnerSettings): Promise<'replaced' | 'stale'>;
}
