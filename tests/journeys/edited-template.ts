import { z } from 'zod';
import type { Json } from '../../infra/local/template/json.ts';
import { type ResourceDeclaration, Template } from '../../infra/local/template/template.ts';

/** A synthesized template, open for changes. */
export type EditedTemplate = z.infer<typeof Template>;

/** A state of a state machine, open for changes. */
export type EditedState = Record<string, unknown>;

/** A state machine's definition with its states by name; `refer` gives text that stands for an intrinsic's value. */
export interface EditedDefinition {
  readonly states: Record<string, EditedState>;
  state(name: string): EditedState;
  refer(intrinsic: Json): string;
}

/** Reads a template's JSON text. */
export function parseTemplate(text: string): EditedTemplate {
  return Template.parse(JSON.parse(text));
}

/** The logical id of the one resource of `type` whose id begins so. @throws Error where it is none or several */
export function idOf({ Resources }: EditedTemplate, type: string, idStart: string): string {
  const found = Object.keys(Resources).filter((id) => id.startsWith(idStart) && Resources[id]?.Type === type);
  const [only, other] = found;
  if (only === undefined || other !== undefined) throw new Error(`${type} ${idStart}: ${found.join(', ') || 'none'}`);
  return only;
}

/**
 * Takes a resource out, as if it had never been written, and with it every policy statement that names it: CloudFormation
 * takes no reference to nothing.
 */
export function removeResource(template: EditedTemplate, type: string, idStart: string): void {
  const id = idOf(template, type, idStart);
  Reflect.deleteProperty(template.Resources, id);
  for (const { Properties } of Object.values(template.Resources)) {
    const { data: document } = PolicyDocument.safeParse(Properties?.PolicyDocument);
    if (Properties === undefined || document === undefined) continue;
    const left = document.Statement.filter((statement) => !JSON.stringify(statement).includes(`"${id}"`));
    Properties.PolicyDocument = { ...document, Statement: left };
  }
}

/** Adds a right to the policy whose logical id begins so: a state that a test puts in needs its own. */
export function allow(
  template: EditedTemplate,
  idStart: string,
  statement: { readonly Action: string; readonly Resource: Json },
): void {
  const properties = propertiesOf(template, 'AWS::IAM::Policy', idStart);
  const document = PolicyDocument.parse(properties.PolicyDocument);
  properties.PolicyDocument = { ...document, Statement: [...document.Statement, { Effect: 'Allow', ...statement }] };
}

const PolicyDocument = z.object({ Version: z.string(), Statement: z.array(z.json()) });

/** The properties of a resource, to be changed in place. */
export function propertiesOf(template: EditedTemplate, type: string, idStart: string): Record<string, Json> {
  const resource: ResourceDeclaration | undefined = template.Resources[idOf(template, type, idStart)];
  if (resource?.Properties === undefined) throw new Error(`${idStart} has no properties`);
  return resource.Properties;
}

const Joined = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.json())]) });
const Definition = z.looseObject({ States: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** A number no definition has: what stands for the first intrinsic while the definition is JSON. */
const FIRST_STANDING = 918_273_645_000;

/** Changes the definition of the state machine whose logical id begins so; its intrinsics stay where they are. */
export function editDefinition(
  template: EditedTemplate,
  idStart: string,
  edit: (definition: EditedDefinition) => void,
): void {
  const properties = propertiesOf(template, 'AWS::StepFunctions::StateMachine', idStart);
  const [, pieces] = Joined.parse(properties.DefinitionString)['Fn::Join'];
  const intrinsics: Json[] = [];
  const refer = (intrinsic: Json) => String(FIRST_STANDING + intrinsics.push(intrinsic) - 1);
  const definition = Definition.parse(
    JSON.parse(pieces.map((piece) => (typeof piece === 'string' ? piece : refer(piece))).join('')),
  );
  edit({
    states: definition.States,
    state: (name) => {
      const state = definition.States[name];
      if (state === undefined) throw new Error(`${idStart} has no state ${name}`);
      return state;
    },
    refer,
  });
  const text = JSON.stringify(definition).split(new RegExp(`(${FIRST_STANDING / 1000}\\d{3})`));
  const edited = text.map((piece, index) =>
    index % 2 === 0 ? piece : (intrinsics[Number(piece) - FIRST_STANDING] ?? piece),
  );
  properties.DefinitionString = { 'Fn::Join': ['', edited] };
}
