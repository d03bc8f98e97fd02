import { resolve, type Scope, truth } from './intrinsics.ts';
import { isJsonObject, type Json } from './json.ts';
import { physicalName } from './physical-name.ts';
import { type Address, type MachineUrls, RESOURCE_KINDS, type ResourceKind } from './resource-kinds.ts';
import type { ResourceDeclaration, Template } from './template.ts';
import { TemplateError } from './template-error.ts';

/** What a stack is made of, besides its template. */
export interface StackOptions {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly urls: MachineUrls;
}

/** What is known of a resource's type. @throws TemplateError naming the resource where nothing is. */
export function kindOf(logicalId: string, { Type }: ResourceDeclaration): ResourceKind {
  const kind = RESOURCE_KINDS[Type];
  if (kind === undefined) throw new TemplateError(logicalId, `resource type ${Type} is not supported on this machine`);
  return kind;
}

/** Answers what intrinsic functions ask for, each time from the template itself, so references may go in any order. */
export class Scopes {
  readonly #template: Template;
  readonly #parameters: Readonly<Record<string, Json>>;
  readonly #pseudo: Readonly<Record<string, Json>>;
  readonly #options: StackOptions;
  readonly #conditions = new Map<string, boolean | 'open'>();

  constructor(template: Template, parameters: Readonly<Record<string, Json>>, id: string, options: StackOptions) {
    this.#template = template;
    this.#parameters = parameters;
    this.#options = options;
    this.#pseudo = {
      'AWS::AccountId': options.accountId,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': options.region,
      'AWS::StackId': id,
      'AWS::StackName': options.stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
  }

  at(place: string): Scope {
    return {
      place,
      ref: (name) => this.#pseudo[name] ?? this.#parameters[name] ?? this.#reference(name),
      attribute: (logicalId, attribute) => this.#attribute(place, logicalId, attribute),
      condition: (name) => this.#condition(place, name),
      mapped: (map, key, second) => this.#template.Mappings[map]?.[key]?.[second],
    };
  }

  exists(declaration: ResourceDeclaration): boolean {
    return declaration.Condition === undefined || this.#condition(declaration.Type, declaration.Condition);
  }

  /** Only the naming property is resolved, not the rest: two resources may refer to each other's names. */
  address(logicalId: string, declaration: ResourceDeclaration, kind: ResourceKind): Address {
    const { stackName, region, accountId, urls } = this.#options;
    let chosen: Json | undefined = declaration.Properties ?? {};
    for (const key of kind.nameAt ?? []) chosen = isJsonObject(chosen) ? chosen[key] : undefined;
    const name =
      kind.nameAt === undefined || chosen === undefined ? null : resolve(chosen, this.at(`${logicalId} (name)`));
    return {
      name: name === null ? physicalName(stackName, logicalId, declaration.Type) : String(name),
      logicalId,
      stackName,
      region,
      accountId,
      urls,
    };
  }

  #living(logicalId: string): ResourceDeclaration | undefined {
    const declaration = this.#template.Resources[logicalId];
    return declaration !== undefined && this.exists(declaration) ? declaration : undefined;
  }

  #reference(logicalId: string): string | undefined {
    const declaration = this.#living(logicalId);
    if (declaration === undefined) return undefined;
    const kind = kindOf(logicalId, declaration);
    const address = this.address(logicalId, declaration, kind);
    return kind.ref?.(address) ?? address.name;
  }

  #attribute(place: string, logicalId: string, attribute: string): string {
    const declaration = this.#living(logicalId);
    if (declaration === undefined)
      throw new TemplateError(place, `refers to ${logicalId}.${attribute}, but there is no ${logicalId}`);
    const kind = kindOf(logicalId, declaration);
    const answer = kind.attributes[attribute];
    if (answer === undefined)
      throw new TemplateError(place, `${logicalId} (${declaration.Type}) has no attribute ${attribute} here`);
    return answer(this.address(logicalId, declaration, kind));
  }

  #condition(place: string, name: string): boolean {
    const known = this.#conditions.get(name);
    if (known === 'open') throw new TemplateError(`condition ${name}`, 'refers to itself');
    if (known !== undefined) return known;
    const expression = this.#template.Conditions[name];
    if (expression === undefined) throw new TemplateError(place, `uses condition ${name}, which the template lacks`);
    this.#conditions.set(name, 'open');
    const value = truth(expression, this.at(`condition ${name}`));
    this.#conditions.set(name, value);
    return value;
  }
}
