import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { TemplateError } from './template-error.ts';

/** What the functions of a template can ask for while one is resolved. */
export interface Scope {
  /** Logical id, parameter or output that is being resolved: errors name it. */
  readonly place: string;
  /** Value of `Ref`: a parameter, a pseudo parameter or a resource. Undefined: there is no such thing. */
  ref(name: string): Json | undefined;
  /** Value of `Fn::GetAtt`. @throws TemplateError where the resource or its attribute is unknown. */
  attribute(logicalId: string, attribute: string): Json;
  /** Whether a named condition holds. @throws TemplateError where there is none of that name. */
  condition(name: string): boolean;
  /** Value of `Fn::FindInMap`, undefined where the map has no such keys. */
  mapped(map: string, key: string, second: string): Json | undefined;
}

/** What `AWS::NoValue` resolves to: the property or list item that holds it goes away. */
const NO_VALUE = Symbol('AWS::NoValue');
type Resolved = Json | typeof NO_VALUE;

/**
 * The value with every intrinsic function applied, as CloudFormation would.
 *
 * @throws {TemplateError} at an unknown function, a reference to nothing or arguments of a wrong shape.
 */
export function resolve(value: Json, scope: Scope): Json {
  const resolved = walk(value, scope);
  return typeof resolved === 'symbol' ? null : resolved;
}

/** Like `resolve`, for objects whose properties may be `AWS::NoValue`. */
export function resolveProperties(properties: JsonObject, scope: Scope): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]): [string, Json][] => {
      const resolved = walk(value, scope);
      return typeof resolved === 'symbol' ? [] : [[key, resolved]];
    }),
  );
}

function walk(value: Json, scope: Scope): Resolved {
  if (Array.isArray(value))
    return value.flatMap((item: Json) => {
      const resolved = walk(item, scope);
      return typeof resolved === 'symbol' ? [] : [resolved];
    });
  if (!isJsonObject(value)) return value;
  const [key, ...more] = Object.keys(value);
  const argument = key === undefined ? undefined : value[key];
  if (key !== undefined && argument !== undefined && more.length === 0 && isFunction(key)) {
    const apply = FUNCTIONS[key];
    if (apply === undefined) throw new TemplateError(scope.place, `${key} is not supported on this machine`);
    return apply(argument, scope);
  }
  return resolveProperties(value, scope);
}

const isFunction = (key: string) => key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');

const FUNCTIONS: Readonly<Record<string, (argument: Json, scope: Scope) => Resolved>> = {
  Ref: (argument, scope) => refer(text(argument, 'Ref', scope), scope),
  // Within Properties `Condition` is an ordinary key (IAM statements have it); only text is the function.
  Condition: (argument, scope) =>
    typeof argument === 'string' ? scope.condition(argument) : { Condition: resolve(argument, scope) },
  'Fn::GetAtt': (argument, scope) => {
    const parts = Array.isArray(argument) ? argument.map((part: Json) => resolve(part, scope)) : splitOnce(argument);
    const [logicalId, attribute] = parts;
    if (typeof logicalId !== 'string' || typeof attribute !== 'string') return misused('Fn::GetAtt', scope);
    return scope.attribute(logicalId, attribute);
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Join': (argument, scope) => {
    const [separator, items] = list(argument, 'Fn::Join', scope);
    const parts = resolve(items ?? null, scope);
    if (typeof separator !== 'string' || !Array.isArray(parts)) return misused('Fn::Join', scope);
    return parts.map((part: Json) => text(part, 'Fn::Join', scope)).join(separator);
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = list(argument, 'Fn::Select', scope);
    const from = resolve(items ?? null, scope);
    const chosen = Array.isArray(from) ? from[Number(resolve(index ?? null, scope))] : undefined;
    return chosen === undefined ? misused('Fn::Select', scope) : chosen;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = list(argument, 'Fn::Split', scope);
    if (typeof separator !== 'string') return misused('Fn::Split', scope);
    return text(resolve(source ?? null, scope), 'Fn::Split', scope).split(separator);
  },
  'Fn::If': (argument, scope) => {
    const [name, then, otherwise] = list(argument, 'Fn::If', scope);
    if (typeof name !== 'string' || then === undefined || otherwise === undefined) return misused('Fn::If', scope);
    return walk(scope.condition(name) ? then : otherwise, scope);
  },
  'Fn::FindInMap': (argument, scope) => {
    const keys = list(argument, 'Fn::FindInMap', scope).map((key) => resolve(key, scope));
    const [map, key, second] = keys;
    if (typeof map !== 'string' || typeof key !== 'string' || typeof second !== 'string')
      return misused('Fn::FindInMap', scope);
    const found = scope.mapped(map, key, second);
    if (found === undefined) throw new TemplateError(scope.place, `mapping ${map} has no ${key}.${second}`);
    return found;
  },
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(resolve(argument, scope), 'Fn::Base64', scope)).toString('base64'),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, 'Fn::Equals', scope).map((side) => resolve(side, scope));
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope) => list(argument, 'Fn::And', scope).every((part) => truth(part, scope)),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or', scope).some((part) => truth(part, scope)),
  'Fn::Not': (argument, scope) => !truth(list(argument, 'Fn::Not', scope)[0] ?? null, scope),
  'Fn::Contains': (argument, scope) => {
    const [items, item] = list(argument, 'Fn::Contains', scope).map((side) => resolve(side, scope));
    return Array.isArray(items) && items.some((candidate: Json) => candidate === item);
  },
};

/** Whether a condition's expression holds. */
export function truth(expression: Json, scope: Scope): boolean {
  const value = resolve(expression, scope);
  if (typeof value !== 'boolean') throw new TemplateError(scope.place, 'a condition must be true or false');
  return value;
}

function refer(name: string, scope: Scope): Resolved {
  if (name === 'AWS::NoValue') return NO_VALUE;
  const value = scope.ref(name);
  if (value === undefined) throw new TemplateError(scope.place, `refers to ${name}, which the template does not have`);
  return value;
}

/** `${Name}`, `${Resource.Attribute}`, `${!Literal}`; own variables of the two-argument form go first. */
function substitute(argument: Json, scope: Scope): string {
  const [pattern, given] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof pattern !== 'string') return misused('Fn::Sub', scope);
  const variables = isJsonObject(given) ? resolveProperties(given, scope) : {};
  return pattern.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
    const own = variables[expression];
    if (own !== undefined) return text(own, 'Fn::Sub', scope);
    const [logicalId, attribute] = splitOnce(expression);
    const value =
      attribute === undefined ? refer(expression, scope) : scope.attribute(String(logicalId), String(attribute));
    return typeof value === 'symbol' ? '' : text(value, 'Fn::Sub', scope);
  });
}

function splitOnce(value: Json): (string | undefined)[] {
  const path = String(value);
  const dot = path.indexOf('.');
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

function list(argument: Json, name: string, scope: Scope): readonly Json[] {
  return Array.isArray(argument) ? argument : misused(name, scope);
}

function text(value: Json, name: string, scope: Scope): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return misused(name, scope);
}

function misused(name: string, scope: Scope): never {
  throw new TemplateError(scope.place, `${name} has arguments of a wrong shape`);
}
