import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configSchema } from './config/config-schema.ts';

/** `npm run schema`: writes `docs/apportion.schema.json`. */
await writeFile(
  join(import.meta.dirname, '../../docs/apportion.schema.json'),
  `${JSON.stringify(configSchema(), null, 2)}\n`,
);
