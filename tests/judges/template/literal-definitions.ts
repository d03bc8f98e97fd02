import { z } from 'zod';
import { resolved } from '../../infra/synthesized.ts';

const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
});

/** A template open for changes. */
export type OpenTemplate = z.infer<typeof Template>;

/** A fresh copy of the template, to plant something in. */
export function openTemplate(text: string): OpenTemplate {
  const { Resources, ...rest } = JSON.parse(text);
  const withProperties = Object.entries(z.record(z.string(), z.looseObject({})).parse(Resources)).map(
    ([id, resource]) => [id, { Properties: {}, ...resource }],
  );
  return Template.parse({ ...rest, Resources: Object.fromEntries(withProperties) });
}

/** The template's state machines by logical id, their definitions with literal ARNs, as CloudFormation renders them. */
export function literalDefinitions(text: string): ReadonlyMap<string, string> {
  const machines = [...resolved(text).resources.values()].filter(
    ({ type }) => type === 'AWS::StepFunctions::StateMachine',
  );
  return new Map(machines.map(({ logicalId, properties }) => [logicalId, String(properties.DefinitionString)]));
}

/** The template with those definitions in the place of its own: cfn-lint reads a definition only without tokens. */
export function withLiteralDefinitions(text: string): OpenTemplate {
  const template = openTemplate(text);
  for (const [id, definition] of literalDefinitions(text)) {
    const machine = template.Resources[id];
    if (machine === undefined) throw new Error(`${id} is not in the template`);
    machine.Properties.DefinitionString = definition;
  }
  return template;
}

/** The one resource of a type whose logical id begins so. @throws Error where there is none */
export function resourceOf(template: OpenTemplate, type: string, idStart: string) {
  const found = Object.entries(template.Resources).find(([id, { Type }]) => Type === type && id.startsWith(idStart));
  if (found === undefined) throw new Error(`no ${type} begins with ${idStart}`);
  return found[1];
}
