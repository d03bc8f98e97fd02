import { ServiceError } from './service-error.ts';

/** Where the state machines of one stand-in live. */
export interface Home {
  readonly region: string;
  readonly accountId: string;
}

/** `arn:aws:states:…:stateMachine:<name>` */
export const stateMachineArn = ({ region, accountId }: Home, name: string): string =>
  `arn:aws:states:${region}:${accountId}:stateMachine:${name}`;

/** `arn:aws:states:…:execution:<state machine>:<name>` */
export const executionArn = ({ region, accountId }: Home, stateMachineName: string, name: string): string =>
  `arn:aws:states:${region}:${accountId}:execution:${stateMachineName}:${name}`;

/**
 * Refuses an ARN that cannot be of the kind asked for.
 *
 * @throws {ServiceError} InvalidArn.
 */
export function checkArn(arn: string, kind: 'stateMachine' | 'execution'): void {
  if (!new RegExp(`^arn:[a-z-]+:states:[a-z0-9-]+:\\d{12}:${kind}:\\S+$`).test(arn))
    throw new ServiceError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn}'`);
}

// Line ends, brackets, wildcards and the rest of the characters that the API reference excludes from names.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is excluded
const EXCLUDED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/**
 * Refuses a name that AWS refuses: 1 to 80 characters, without blanks, brackets, wildcards, control and special ones.
 *
 * @throws {ServiceError} InvalidName.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function checkName(name: string): void {
  if (name.length < 1 || name.length > 80 || EXCLUDED.test(name))
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
}
