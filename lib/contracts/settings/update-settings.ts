import { contract } from '../contract.ts';
import { SettingsAnswer, SettingsInput } from './settings.ts';

/** Changes the partner's settings; open periods are priced again. */
export const updateSettings = contract({
  operationId: 'updateSettings',
  method: 'PUT',
  path: '/v1/settings',
  tag: 'Settings',
  summary: 'Update the partner’s settings',
  roles: ['partner'],
  body: SettingsInput,
  status: 200,
  answer: SettingsAnswer,
  ifMatch: 'required',
  etag: true,
  problems: ['conflict'],
});
