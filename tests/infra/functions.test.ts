import { expect, test } from 'vitest';
import { READERS_SECONDS } from '../../lib/domain/retired.ts';
import { ENV, type EnvName } from '../../lib/names/environment.ts';
import { FUNCTIONS, type FunctionName } from '../../lib/names/functions.ts';
import { resolved, synthesize } from './synthesized.ts';

const { text } = synthesize();
const resources = [...resolved(text).resources.values()];
const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');

/** What each function is told, besides the stack's name. A function that is not told a place cannot reach it. */
const ENVIRONMENT: Readonly<Record<FunctionName, readonly EnvName[]>> = {
  'start-run': [ENV.registryTable, ENV.runsTable, ENV.receiveBillArn, ENV.splitBillArn],
  'read-manifest': [ENV.landingBucket, ENV.lakeBucket, ENV.registryTable, ENV.runsTable, ENV.manifestGraceSeconds],
  'convert-files': [ENV.landingBucket, ENV.lakeBucket, ENV.workerMemoryMegabytes],
  'register-delivery': [ENV.lakeBucket, ENV.registryTable, ENV.runsTable, ENV.intakeQueueUrl],
  'acquire-lease': [
    ENV.lakeBucket,
    ENV.registryTable,
    ENV.runsTable,
    ENV.receiveBillArn,
    ENV.splitBillArn,
    ENV.leaseSeconds,
  ],
  'plan-shards': [
    ENV.landingBucket,
    ENV.lakeBucket,
    ENV.registryTable,
    ENV.runsTable,
    ENV.databaseName,
    ENV.workGroupName,
    ENV.leaseSeconds,
    ENV.workerMemoryMegabytes,
  ],
  'price-shard': [ENV.lakeBucket, ENV.runsTable, ENV.leaseSeconds, ENV.workerMemoryMegabytes],
  reconcile: [ENV.landingBucket, ENV.lakeBucket, ENV.runsTable, ENV.leaseSeconds, ENV.workerMemoryMegabytes],
  publish: [ENV.lakeBucket, ENV.runsTable, ENV.additionsQueueUrl, ENV.leaseSeconds],
  'release-lease': [ENV.runsTable, ENV.intakeQueueUrl],
  'close-run': [
    ENV.lakeBucket,
    ENV.registryTable,
    ENV.runsTable,
    ENV.databaseName,
    ENV.workGroupName,
    ENV.receiveBillArn,
    ENV.splitBillArn,
    ENV.intakeQueueUrl,
    ENV.additionsQueueUrl,
  ],
  'fail-dead-task': [],
  'price-additions': [ENV.lakeBucket, ENV.registryTable, ENV.runsTable, ENV.workerMemoryMegabytes],
  'write-lists': [ENV.lakeBucket, ENV.runsTable, ENV.additionsQueueUrl],
  'sweep-lake': [ENV.lakeBucket, ENV.runsTable, ENV.readersSeconds],
  api: [
    ENV.lakeBucket,
    ENV.registryTable,
    ENV.runsTable,
    ENV.auditTable,
    ENV.databaseName,
    ENV.workGroupName,
    ENV.customerReaderRoleArn,
    ENV.partnerReaderRoleArn,
    ENV.partnerWorkGroupName,
    ENV.intakeQueueUrl,
    ENV.additionsQueueUrl,
    ENV.listsQueueUrl,
    ENV.firstPartnerSubject,
  ],
  'preview-rules': [
    ENV.lakeBucket,
    ENV.registryTable,
    ENV.runsTable,
    ENV.previewsQueueUrl,
    ENV.firstPartnerSubject,
    ENV.workerMemoryMegabytes,
  ],
  'preview-job': [ENV.lakeBucket, ENV.registryTable, ENV.runsTable, ENV.workerMemoryMegabytes],
};

function functionNamed(name: string) {
  const found = functions.find(({ properties }) => Object(properties.Code).S3Key === `functions/${name}.zip`);
  if (found === undefined) throw new Error(`the template has no function ${name}`);
  return found;
}

test.each(Object.entries(ENVIRONMENT))('%s is told what it needs, and nothing else', (name, told) => {
  const { Variables } = Object(functionNamed(name).properties.Environment);
  expect(Object.keys(Variables).sort()).toEqual([ENV.serviceName, ...told].sort());
  expect(Variables[ENV.serviceName]).toBe('Apportion');
});

test('the API asks in the customers’ work group, the pipeline in its own', () => {
  const workGroupOf = (name: FunctionName) =>
    Object(functionNamed(name).properties.Environment).Variables[ENV.workGroupName];
  expect(workGroupOf('api')).toBe('Apportion-customers');
  expect(workGroupOf('plan-shards')).toBe('Apportion');
});

test('every function has a role of its own, without a managed policy', () => {
  const roles = functions.map(({ properties }) => properties.Role);
  expect(new Set(roles).size).toBe(Object.keys(FUNCTIONS).length);
  for (const { properties } of resources.filter(({ type }) => type === 'AWS::IAM::Role'))
    expect(properties).not.toHaveProperty('ManagedPolicyArns');
});

test('a worker has the parameter’s memory and 10 GiB of disk, a step has neither', () => {
  for (const [name, { duckdb }] of Object.entries(FUNCTIONS)) {
    const { MemorySize, EphemeralStorage } = functionNamed(name).properties;
    expect([name, Number(MemorySize), EphemeralStorage]).toEqual([
      name,
      duckdb ? 3008 : 1024,
      duckdb ? { Size: 10_240 } : undefined,
    ]);
  }
});

test('close-run hears of executions that ended without a result, of runs that ended well, and of the clock', () => {
  const rules = resources.filter(({ type }) => type === 'AWS::Events::Rule');
  const closeRun = functionNamed('close-run').arn;
  const hears = rules.filter(({ properties }) => JSON.stringify(properties.Targets).includes(String(closeRun)));
  expect(
    hears.map(({ properties }) => properties.ScheduleExpression ?? Object(properties.EventPattern).detail),
  ).toEqual([
    {
      status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
      stateMachineArn: [expect.stringContaining('ReceiveBill'), expect.stringContaining('SplitBill')],
    },
    { status: ['SUCCEEDED'], stateMachineArn: [expect.stringContaining('SplitBill')] },
    'rate(15 minutes)',
  ]);
  for (const { properties } of rules)
    expect(properties.Targets).toEqual([expect.objectContaining({ DeadLetterConfig: expect.anything() })]);
});

test('sweep-lake hears of the clock by the hour, and its words outlive no reader', () => {
  const [hourly, ...others] = resources.filter(
    ({ type, properties }) =>
      type === 'AWS::Events::Rule' &&
      JSON.stringify(properties.Targets).includes(String(functionNamed('sweep-lake').arn)),
  );
  expect([hourly?.properties.ScheduleExpression, others]).toEqual(['rate(1 hour)', []]);
  // What a pointer remembers of its past (`lib/domain/retired.ts`) is all that the sweeper can be patient about.
  const { Variables } = Object(functionNamed('sweep-lake').properties.Environment);
  expect(Variables[ENV.readersSeconds]).toBe(String(READERS_SECONDS));
});

test('no route but the contract’s own is open, and every path leads somewhere', () => {
  const routes = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Route');
  const auth = Object.fromEntries(routes.map(({ properties }) => [properties.RouteKey, properties.AuthorizationType]));
  expect(auth).toEqual({
    $default: 'JWT',
    'POST /v1/rules/preview': 'JWT',
    'GET /v1/rules/previews/{previewId}': 'JWT',
    'GET /v1/openapi.json': 'NONE',
    'GET /v1/docs': 'NONE',
  });
});

test('an access token of the stack’s user pool is for its one client', () => {
  const authorizer = resources.find(({ type }) => type === 'AWS::ApiGatewayV2::Authorizer');
  const client = resources.find(({ type }) => type === 'AWS::Cognito::UserPoolClient');
  expect(authorizer?.properties.JwtConfiguration).toEqual({
    Issuer: expect.stringMatching(/^https:\/\/cognito-idp\.eu-central-1\.amazonaws\.com\/eu-central-1_/),
    Audience: [client?.ref],
  });
});
