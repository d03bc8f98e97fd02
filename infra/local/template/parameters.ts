import type { Json } from './json.ts';
import type { ParameterDeclaration } from './template.ts';
import { TemplateError } from './template-error.ts';

/**
 * The value of every parameter: the given one, else its default, checked as CloudFormation checks them. A list type
 * becomes an array, all else stays text (so does `Number`, as `Ref` answers it).
 *
 * @throws {TemplateError} naming the parameter that is missing, unknown or not allowed.
 */
export function resolveParameters(
  declarations: Readonly<Record<string, ParameterDeclaration>>,
  given: Readonly<Record<string, string>>,
): Record<string, Json> {
  const unknown = Object.keys(given).filter((name) => !(name in declarations));
  if (unknown.length > 0) throw new TemplateError(unknown.join(', '), 'is no parameter of the template');
  return Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, parameterValue(name, declaration, given[name])]),
  );
}

function parameterValue(name: string, declaration: ParameterDeclaration, given: string | undefined): Json {
  const value = given ?? declaration.Default;
  if (value === undefined) throw new TemplateError(name, 'parameter must have a value');
  switch (declaration.Type) {
    case 'String':
      checkText(name, declaration, value);
      return value;
    case 'Number':
      checkNumber(name, declaration, value);
      return value;
    case 'CommaDelimitedList':
    case 'List<Number>': {
      const items = value.split(',').map((item) => item.trim());
      const checkItem = declaration.Type === 'List<Number>' ? checkNumber : checkText;
      for (const item of items) checkItem(name, declaration, item);
      return items;
    }
    default:
      throw new TemplateError(name, `parameter type ${declaration.Type} is not supported on this machine`);
  }
}

function checkText(name: string, declaration: ParameterDeclaration, value: string): void {
  const { AllowedPattern, MinLength, MaxLength } = declaration;
  checkAllowed(name, declaration, value);
  // CloudFormation matches the whole value, whether the pattern is anchored or not.
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    refuse(name, declaration, `value must match ${AllowedPattern}`);
  if (MinLength !== undefined && value.length < MinLength)
    refuse(name, declaration, `value must have ${MinLength} characters or more`);
  if (MaxLength !== undefined && value.length > MaxLength)
    refuse(name, declaration, `value must have ${MaxLength} characters or fewer`);
}

function checkNumber(name: string, declaration: ParameterDeclaration, value: string): void {
  const { MinValue, MaxValue } = declaration;
  const number = Number(value);
  checkAllowed(name, declaration, value);
  if (value.trim() === '' || Number.isNaN(number)) refuse(name, declaration, 'value must be a number');
  if (MinValue !== undefined && number < MinValue) refuse(name, declaration, `value must be ${MinValue} or more`);
  if (MaxValue !== undefined && number > MaxValue) refuse(name, declaration, `value must be ${MaxValue} or less`);
}

function checkAllowed(name: string, declaration: ParameterDeclaration, value: string): void {
  const { AllowedValues } = declaration;
  if (AllowedValues !== undefined && !AllowedValues.includes(value))
    refuse(name, declaration, `value must be one of ${AllowedValues.join(', ')}`);
}

function refuse(name: string, { ConstraintDescription }: ParameterDeclaration, problem: string): never {
  throw new TemplateError(
    name,
    ConstraintDescription === undefined ? problem : `${problem} (${ConstraintDescription})`,
  );
}
