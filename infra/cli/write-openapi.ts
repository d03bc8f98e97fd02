import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '../../lib/contracts/openapi-document.ts';

/** Where the committed document says the API is: a deployment names itself in the one it serves. */
const SERVER = 'https://apportion.example';

/** `npm run openapi`: writes the contract that people read without a running API. A test holds the file to the code. */
await writeFile(
  join(import.meta.dirname, '../../docs/openapi.json'),
  `${JSON.stringify(openApiDocument(SERVER), null, 2)}\n`,
);
