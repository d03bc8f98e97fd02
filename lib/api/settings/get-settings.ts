import type { getSettings as contract } from '../../contracts/settings/get-settings.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';
import type { UseCase } from '../use-case.ts';

/** Answers the partner's settings. */
export const getSettings =
  (deps: { settings: SettingsStore }): UseCase<typeof contract> =>
  async () => {
    const settings = await deps.settings.read();
    return { body: settings, version: settings.version };
  };
