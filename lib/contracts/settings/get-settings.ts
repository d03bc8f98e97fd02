import { contract } from '../contract.ts';
import { SettingsAnswer } from './settings.ts';

/** The partner's settings; version 0 before anything was set. */
export const getSettings = contract({
  operationId: 'getSettings',
  method: 'GET',
  path: '/v1/settings',
  tag: 'Settings',
  summary: 'Get the partner’s settings',
  roles: ['partner'],
  status: 200,
  answer: SettingsAnswer,
  etag: true,
  problems: [],
});
