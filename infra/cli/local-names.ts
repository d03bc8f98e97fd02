/** Names that the local machine uses where a partner would give its own. */
export const LOCAL = {
  /** Folder for files, tables, keys and logs, beside the project; never committed. */
  folder: '.local',
  /** In that folder while `npm start` runs: where its API is. */
  runningFile: 'running.json',
  stackName: 'apportion-local',
  region: 'eu-central-1',
  /** `sub` of the partner's first user, given to the template as FirstPartnerSubject. */
  partnerSubject: 'local-partner',
  /** Integration of a bare bill given to the split command (`split-command.md`). */
  billIntegration: 'bill',
} as const;
