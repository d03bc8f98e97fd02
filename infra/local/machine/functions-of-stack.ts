import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { FunctionConfiguration } from '../lambda/function-configuration.ts';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { Numeric, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

const FunctionProperties = z.object({
  Code: z.object({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string(),
  Role: z.string(),
  Runtime: z.string().regex(/^nodejs/, 'only Node.js runs on this machine'),
  Timeout: Numeric.default(3),
  MemorySize: Numeric.default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).default({ Variables: {} }),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).default({}),
  ReservedConcurrentExecutions: Numeric.optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
});

/**
 * Every AWS::Lambda::Function of a stack. Its code is the unpacked bundle `<distFolder>/<name>/`, where the template
 * says `<prefix><name>.zip`.
 *
 * @throws {TemplateError} naming the function whose bundle is not there.
 */
export function functionsOfStack(stack: Stack, distFolder: string): readonly FunctionConfiguration[] {
  return resourcesOfType(stack, 'AWS::Lambda::Function').map((resource) => functionOf(resource, distFolder));
}

function functionOf(resource: StackResource, distFolder: string): FunctionConfiguration {
  const properties = readProperties(FunctionProperties, resource);
  const bundle = /([^/]+)\.zip$/.exec(properties.Code.S3Key)?.[1];
  const codeFolder = bundle === undefined ? undefined : join(distFolder, bundle);
  if (codeFolder === undefined || !existsSync(codeFolder))
    throw new TemplateError(
      resource.logicalId,
      `its code ${properties.Code.S3Key} is not in ${distFolder}: run "npm run bundle"`,
    );
  const { ReservedConcurrentExecutions: concurrencyMax, DeadLetterConfig } = properties;
  return {
    name: resource.name,
    arn: resource.arn ?? '',
    handler: properties.Handler,
    codeFolder,
    variables: properties.Environment.Variables,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    runtime: properties.Runtime,
    roleArn: properties.Role,
    logGroup: properties.LoggingConfig.LogGroup ?? `/aws/lambda/${resource.name}`,
    ...(concurrencyMax === undefined ? {} : { concurrencyMax }),
    ...(DeadLetterConfig === undefined ? {} : { deadLetterArn: DeadLetterConfig.TargetArn }),
  };
}
