import { z } from 'zod';
import { configSchema } from './config-schema.ts';

/** Every mistake of a configuration in a line of its own: which key, what is wrong with it, what to write instead. */
export function explainConfigError({ issues }: z.ZodError): readonly string[] {
  return issues.map((issue) => `${keyOf(issue.path)}: ${reasonOf(issue)}`);
}

/** `customers[1].subAccounts[0]`: the key as people would write it. */
function keyOf(path: readonly PropertyKey[]): string {
  const key = path.reduce<string>(
    (before, part) =>
      typeof part === 'number' ? `${before}[${part}]` : before === '' ? String(part) : `${before}.${String(part)}`,
    '',
  );
  return key === '' ? 'the file' : key;
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message.replace(/^.*, received undefined$/, 'is missing');
  const unknown = issue.keys.map((key) => JSON.stringify(key)).join(', ');
  return `there is no key ${unknown} here; there are ${knownKeys(issue.path).join(', ')}`;
}

/** What is needed of JSON Schema to find the keys of an object. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
}
const Schema: z.ZodType<Schema> = z.object({
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get anyOf() {
    return z.array(Schema).optional();
  },
  get oneOf() {
    return z.array(Schema).optional();
  },
});

/** The keys that an object at this place may have, in the order of the schema; of every form, where it has several. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let places: readonly Schema[] = formsOf(Schema.parse(configSchema()));
  for (const part of path)
    places = places.flatMap((place) => {
      const next = typeof part === 'number' ? place.items : place.properties?.[String(part)];
      return next === undefined ? [] : formsOf(next);
    });
  return [...new Set(places.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function formsOf(schema: Schema): readonly Schema[] {
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  return forms.length === 0 ? [schema] : forms.flatMap(formsOf);
}
