import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionConfiguration } from '../../../../infra/local/lambda/function-configuration.ts';

/** Writes a bundle of one module, as `infra/bundle.ts` lays it out, and returns its folder. */
export function bundleOf(distFolder: string, name: string, source: string): string {
  const folder = join(distFolder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.mjs'), source);
  return folder;
}

/** A function as a template with few properties would state it. */
export function functionOf(codeFolder: string, more: Partial<FunctionConfiguration> = {}): FunctionConfiguration {
  return {
    name: 'stack-Fn-1',
    arn: 'arn:aws:lambda:eu-central-1:111122223333:function:stack-Fn-1',
    handler: 'index.handler',
    codeFolder,
    variables: {},
    timeoutSeconds: 10,
    memoryMegabytes: 256,
    runtime: 'nodejs24.x',
    roleArn: 'arn:aws:iam::111122223333:role/stack-FnRole-1',
    logGroup: 'stack-FnLog-1',
    ...more,
  };
}
