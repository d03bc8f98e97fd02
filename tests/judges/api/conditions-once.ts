import { z } from 'zod';

const Reference = z.object({ $ref: z.string() });
const Holder = z.looseObject({ properties: z.looseObject({ filter: Reference.optional() }) });
const Plain = z.looseObject({
  properties: z.looseObject({ values: z.unknown(), field: z.looseObject({ enum: z.array(z.string()) }) }),
});
const PlainTest = z.object({ field: z.string(), values: z.array(z.string()) });

/** What is read and replaced of the document. */
const Document = z.looseObject({
  paths: z.record(z.string(), z.looseObject({})),
  components: z.looseObject({
    schemas: z.looseObject({
      RuleInput: z.looseObject({ example: z.looseObject({}), oneOf: z.array(Holder).min(2) }),
      ConditionTree: z.unknown(),
    }),
  }),
});

/** The operation whose first type of rule keeps whole conditions. */
const WHOLE = { path: '/v1/rules', method: 'post' };
const RULE = '#/components/schemas/RuleInput';
const RULE_OF_ONE_TEST = '#/components/schemas/RuleInputOfOneTest';
const ONE_TEST = '#/components/schemas/OneTest';

/**
 * The document with a condition's whole schema in one place of a request: the first type of rule, when it is created. In the
 * other types, and where a rule is changed or previewed, a filter is one test of one field. A condition is one schema and
 * one parser, which ten types of rules have in three operations; each fault in each depth of it was asked thirty times, 20,000
 * requests of 22,000. Everything that is asked is still of the document, and every answer is held to all of it.
 */
export function withConditionsOnce(document: unknown): unknown {
  const copy = Document.parse(structuredClone(document));
  const { schemas } = copy.components;
  const [first, ...others] = schemas.RuleInput.oneOf;
  const ofOneTest = (rule: z.infer<typeof Holder>) => ({
    ...rule,
    properties: { ...rule.properties, ...(rule.properties.filter && { filter: { $ref: ONE_TEST } }) },
  });
  schemas.OneTest = firstWithin(schemas.ConditionTree, Plain);
  const { example } = schemas.RuleInput;
  schemas.RuleInputOfOneTest = {
    ...schemas.RuleInput,
    example: { ...example, filter: firstWithin(example.filter, PlainTest) },
    oneOf: schemas.RuleInput.oneOf.map(ofOneTest),
  };
  schemas.RuleInput = {
    ...schemas.RuleInput,
    oneOf: [...(first === undefined ? [] : [first]), ...others.map(ofOneTest)],
  };
  for (const [path, operations] of Object.entries(copy.paths))
    for (const [method, operation] of Object.entries(operations))
      if (path !== WHOLE.path || method !== WHOLE.method)
        pointElsewhere((operation as { requestBody?: unknown }).requestBody);
  return copy;
}

/** The first part of plain data, from the outside in, that a schema takes. */
function firstWithin(data: unknown, schema: z.ZodType): unknown {
  if (schema.safeParse(data).success) return data;
  if (typeof data !== 'object' || data === null) return undefined;
  for (const part of Object.values(data)) {
    const found = firstWithin(part, schema);
    if (found !== undefined) return found;
  }
  return undefined;
}

function pointElsewhere(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  const reference = Reference.safeParse(part);
  if (reference.success && reference.data.$ref === RULE) Object.assign(part, { $ref: RULE_OF_ONE_TEST });
  for (const inner of Object.values(part)) pointElsewhere(inner);
}
