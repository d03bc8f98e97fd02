import { z } from 'zod';
import { IntegrationId } from './ids.ts';
import { plainText } from './plain-text.ts';

/** A connected billing export: what its folder in the landing bucket holds and which objects announce a bill. */
export const Integration = z.strictObject({
  id: IntegrationId,
  name: plainText({ charactersMin: 1, charactersMax: 200 }),
  /** The dialect of the rows. */
  format: z.enum(['focus']),
  /** `data_exports`: only AWS Data Exports manifests trigger. `files`: a bare file, or our `_manifest.json`, is a delivery. */
  delivery: z.enum(['data_exports', 'files']),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
});
export type Integration = z.infer<typeof Integration>;
