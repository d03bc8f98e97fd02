import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type LambdaStandIn, startLambda } from '../../../../infra/local/lambda/lambda.ts';
import type { LogLine } from '../../../../infra/local/lambda/lambda-function.ts';
import { bundleOf, functionOf } from './bundle-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'lambda-'));
const lines: LogLine[] = [];
let lambda: LambdaStandIn;
let count = 0;

beforeAll(async () => {
  lambda = await startLambda({
    region: 'eu-central-1',
    folder,
    machineVariables: () => ({ AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }),
    eventRetrySeconds: [0.05, 0.05],
    credentialsOf: ({ roleArn }) => ({ accessKeyId: `keys of ${roleArn}`, secretAccessKey: 's', sessionToken: 't' }),
    onLine: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await lambda.close();
  rmSync(folder, { recursive: true });
});

/** Deploys a module and returns its name. */
function deploy(source: string, more: Partial<Parameters<typeof functionOf>[1]> = {}): string {
  count += 1;
  const name = `fn-${count}`;
  lambda.deploy(
    functionOf(bundleOf(join(folder, 'dist'), name, source), {
      name,
      arn: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
      ...more,
    }),
  );
  return name;
}
const answerOf = async (name: string, event: unknown = {}): Promise<unknown> =>
  JSON.parse((await lambda.invoke(name, JSON.stringify(event))).payload);
const ReportedError = z.object({ errorType: z.string(), errorMessage: z.string(), trace: z.array(z.string()) });
const errorOf = async (name: string, event: unknown = {}) => {
  const result = await lambda.invoke(name, JSON.stringify(event));
  expect(result.functionError).toBe('Unhandled');
  return ReportedError.parse(JSON.parse(result.payload));
};

describe('a function’s environment', () => {
  test('holds the template’s variables, Lambda’s own, the endpoints, and nothing of the machine’s', async () => {
    process.env.A_SECRET_OF_THE_HOST = 'x';
    const name = deploy('export const handler = async () => process.env;', {
      variables: { REGISTRY_TABLE: 'registry' },
    });
    const environment = z.record(z.string(), z.string()).parse(await answerOf(name));
    expect(Object.keys(environment).sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL_S3',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'AWS_XRAY_CONTEXT_MISSING',
      'AWS_XRAY_DAEMON_ADDRESS',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'PATH',
      'REGISTRY_TABLE',
      'TMPDIR',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ]);
    expect(environment).toMatchObject({
      AWS_ACCESS_KEY_ID: 'keys of arn:aws:iam::111122223333:role/stack-FnRole-1',
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_REGION: 'eu-central-1',
      LAMBDA_TASK_ROOT: join(folder, 'dist', name),
      REGISTRY_TABLE: 'registry',
      _HANDLER: 'index.handler',
    });
  });

  test('keeps its clock in UTC whatever the host’s zone is', async () => {
    const name = deploy(
      'export const handler = async () => [new Date(0).getTimezoneOffset(), Intl.DateTimeFormat().resolvedOptions().timeZone];',
    );
    expect(await answerOf(name)).toEqual([0, 'UTC']);
  });

  test('keeps the module’s state from one invocation to the next, and gives each concurrent one its own', async () => {
    const name = deploy(
      'let n = 0; export const handler = async ({ ms }) => { await new Promise((r) => setTimeout(r, ms)); return ++n; };',
    );
    expect([await answerOf(name, { ms: 0 }), await answerOf(name, { ms: 0 })]).toEqual([1, 2]);
    const both = await Promise.all([answerOf(name, { ms: 200 }), answerOf(name, { ms: 200 })]);
    expect(both.sort()).toEqual([1, 3]);
  });

  test('keeps its state after an error of the handler, as Lambda does', async () => {
    const name = deploy(
      'let n = 0; export const handler = async () => { n += 1; if (n === 1) throw new Error("first"); return n; };',
    );
    await errorOf(name);
    expect(await answerOf(name)).toBe(2);
  });

  test('gives the handler its context', async () => {
    const name = deploy(
      'export const handler = async (_, c) => ({ left: c.getRemainingTimeInMillis(), id: c.awsRequestId, arn: c.invokedFunctionArn, name: c.functionName, memory: c.memoryLimitInMB });',
    );
    const { requestId, payload } = await lambda.invoke(name, '{}');
    const { left, ...context } = JSON.parse(payload);
    expect(context).toEqual({
      id: requestId,
      arn: `arn:aws:lambda:eu-central-1:111122223333:function:${name}`,
      name,
      memory: '256',
    });
    expect(left).toBeGreaterThan(9000);
    expect(left).toBeLessThanOrEqual(10_000);
  });

  test('finds DuckDB’s binding of this machine though the bundle carries none', async () => {
    const name = deploy(
      'import { DuckDBInstance } from "@duckdb/node-api"; export const handler = async () => { const c = await (await DuckDBInstance.create(":memory:")).connect(); return (await c.runAndReadAll("SELECT 42::VARCHAR")).getRowsJson(); };',
    );
    expect(await answerOf(name)).toEqual([['42']]);
  });
});

describe('what goes wrong in a function', () => {
  test('is answered with the error’s name, message and trace', async () => {
    const name = deploy(
      'export const handler = async () => { throw Object.assign(new Error("1,5 is no number"), { name: "Quarantined" }); };',
    );
    const error = await errorOf(name);
    expect(error).toMatchObject({ errorType: 'Quarantined', errorMessage: '1,5 is no number' });
    expect(error.trace.length).toBeGreaterThan(1);
  });

  test('a time-out ends the environment, even one that never yields', async () => {
    const name = deploy('let n = 0; export const handler = async ({ hang }) => { n += 1; while (hang); return n; };', {
      timeoutSeconds: 1,
    });
    expect(await answerOf(name, {})).toBe(1);
    const error = await errorOf(name, { hang: true });
    expect(error.errorType).toBe('Sandbox.Timedout');
    expect(error.errorMessage).toMatch(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/);
    expect(await answerOf(name, {})).toBe(1);
  });

  test('a time-out ends a native query too', async () => {
    const name = deploy(
      'import { DuckDBInstance } from "@duckdb/node-api"; const c = await (await DuckDBInstance.create(":memory:")).connect(); export const handler = async () => { await c.run("SELECT sum(sqrt(a.range * b.range)) FROM range(300000) a, range(300000) b"); };',
      { timeoutSeconds: 1 },
    );
    const started = performance.now();
    expect((await errorOf(name)).errorType).toBe('Sandbox.Timedout');
    expect(performance.now() - started).toBeLessThan(6000);
  });

  test.each([
    ['a module that cannot load', 'import "nowhere";', 'Runtime.ImportModuleError'],
    ['a module that throws while it loads', 'throw new TypeError("no table");', 'TypeError'],
    ['a module without the handler', 'export const other = 1;', 'Runtime.HandlerNotFound'],
    ['an exit', 'export const handler = async () => process.exit(3);', 'Runtime.ExitError'],
    [
      'a rejection that nobody handles',
      'export const handler = () => { Promise.reject(new Error("lost")); return new Promise(() => {}); };',
      'Runtime.UnhandledPromiseRejection',
    ],
    [
      'an answer that is too large',
      'export const handler = async () => "x".repeat(6291557);',
      'Function.ResponseSizeTooLarge',
    ],
    ['an answer that is no JSON', 'export const handler = async () => 1n;', 'TypeError'],
  ])('%s', async (_, source, errorType) => {
    expect((await errorOf(deploy(source))).errorType).toBe(errorType);
  });

  test('a function of no name, too large an event and too many at once are the API’s errors', async () => {
    await expect(lambda.invoke('nobody', '{}')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const name = deploy('export const handler = () => new Promise((r) => setTimeout(r, 500));', { concurrencyMax: 1 });
    await expect(lambda.invoke(name, JSON.stringify('x'.repeat(6_291_556)))).rejects.toMatchObject({
      name: 'RequestTooLargeException',
    });
    const first = lambda.invoke(name, '{}');
    await expect(lambda.invoke(name, '{}')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect((await first).payload).toBe('null');
  });
});

describe('around a function', () => {
  test('its output goes to its log and to the listener', async () => {
    const name = deploy('export const handler = async () => { console.log("one"); console.error("two"); };');
    await answerOf(name);
    await expect
      .poll(() => readFileSync(join(folder, 'logs', `${name}.log`), 'utf8'))
      .toMatch(/Z one\n(.*\n)*.*Z REPORT|Z REPORT(.*\n)*.*Z one\n/);
    expect(lines.filter(({ functionName }) => functionName === name).map(({ line, stream }) => [stream, line])).toEqual(
      expect.arrayContaining([
        ['stdout', 'one'],
        ['stderr', 'two'],
      ]),
    );
  });

  test('an event invocation that fails is tried twice more', async () => {
    const name = deploy(
      'let n = 0; export const handler = async () => { n += 1; console.log(`try ${n}`); throw new Error("no"); };',
    );
    lambda.invokeEvent(name, '{}');
    const tries = () => lines.filter(({ functionName, line }) => functionName === name && line.startsWith('try'));
    await expect.poll(tries).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(tries()).toHaveLength(3);
  });

  test('the Invoke operation answers over HTTP', async () => {
    const name = deploy(
      'export const handler = async ({ fail }) => { if (fail) throw new Error("no"); return { ok: true }; };',
    );
    const call = (target: string, body: string, headers: Record<string, string> = {}) =>
      fetch(`${lambda.endpoint}/2015-03-31/functions/${target}/invocations`, { method: 'POST', body, headers });
    const good = await call(name, '{}');
    expect([good.status, good.headers.get('x-amz-function-error'), await good.json()]).toEqual([
      200,
      null,
      { ok: true },
    ]);
    const bad = await call(name, '{"fail":true}');
    expect([bad.status, bad.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    const missing = await call('nobody', '{}');
    expect([missing.status, missing.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
    expect((await call(name, '{}', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
  });
});
