import type { z } from 'zod';
import type { ObjectStore } from '../../ports/object-store.ts';

/** A JSON object of ours in the lake, parsed; one that is missing is our bug and throws. */
export async function readLakeJson<Schema extends z.ZodType>(
  lake: Pick<ObjectStore, 'readText'>,
  key: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const found = await lake.readText(key);
  if (found === undefined) throw new Error(`${key} is not in the lake`);
  return schema.parse(JSON.parse(found.text));
}
