import { PartnerSettings } from '../../domain/settings.ts';

/** The partner's settings as given. */
export const SettingsInput = PartnerSettings.omit({ version: true }).meta({
  id: 'SettingsInput',
  example: { name: 'Acme Cloud', currency: 'USD', precedence: 'first_match', commitments: { policy: 'pass_through' } },
});

/** The partner's settings as answered. */
export const SettingsAnswer = PartnerSettings.meta({ id: 'Settings' });
