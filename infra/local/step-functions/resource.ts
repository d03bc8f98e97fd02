import type { IntegrationPattern } from './integrations/integration.ts';

/** A Task's Resource, taken apart. */
export interface Resource {
  /** The key of its integration: `arn:aws:states:::sqs:sendMessage`. */
  readonly key: string;
  readonly pattern: IntegrationPattern;
  /** `sqs`, or `aws-sdk:athena`. */
  readonly resourceType: string;
  /** With its pattern, as the history names it: `sendMessage.waitForTaskToken`. */
  readonly resource: string;
}

const SUFFIXES: readonly (readonly [string, IntegrationPattern])[] = [
  ['.waitForTaskToken', 'waitForTaskToken'],
  ['.sync:2', 'sync'],
  ['.sync', 'sync'],
];

/**
 * Takes a Resource such as `arn:aws:states:::athena:startQueryExecution.sync` apart.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
export function parseResource(arn: string): Resource {
  const [suffix, pattern] = SUFFIXES.find(([ending]) => arn.endsWith(ending)) ?? ['', 'requestResponse'];
  const key = arn.slice(0, arn.length - suffix.length);
  const parts = key.split(':').slice(5);
  return { key, pattern, resourceType: parts.slice(0, -1).join(':'), resource: `${parts.at(-1) ?? ''}${suffix}` };
}
