import type { updateSettings as contract } from '../../contracts/settings/update-settings.ts';
import { TOUCHED_BY_SETTINGS } from '../../domain/touched-by.ts';
import type { SettingsStore } from '../../ports/settings-store.ts';
import { askRepricing, type Repricing } from '../ask-repricing.ts';
import { overtaken, requireVersion } from '../require-version.ts';
import type { UseCase } from '../use-case.ts';

/** Replaces the partner's settings; they can change every price, so every period with customers is asked for. */
export const updateSettings =
  (deps: { settings: SettingsStore; repricing: Repricing }): UseCase<typeof contract> =>
  async ({ body, ifMatchVersion }) => {
    const before = await deps.settings.read();
    requireVersion(ifMatchVersion, before.version);
    const settings = { ...body, version: before.version + 1 };
    if ((await deps.settings.replace(settings)) === 'stale') throw overtaken(ifMatchVersion);
    await askRepricing(deps.repricing, TOUCHED_BY_SETTINGS);
    return { body: settings, version: settings.version };
  };
