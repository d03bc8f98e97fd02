import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { apportionApp } from '../../infra/apportion-app.ts';
import { ApportionFunction } from '../../infra/constructs/apportion-function.ts';
import { FUNCTIONS } from '../../lib/names/functions.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { PARAMETERS } from '../../lib/names/parameters.ts';
import { QUEUES } from '../../lib/names/queues.ts';
import { resolved, synthesize } from './synthesized.ts';

const { text, report, template, ofType } = synthesize();

test('the template needs no CDK to be deployed: no assets, no bootstrap, no custom resource', () => {
  expect(text).not.toMatch(/BootstrapVersion|AssetParameters|cdk-hnb659fds|cdk_nag/);
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  expect([...types].filter((type) => /Custom|CDK::Metadata/.test(type))).toEqual([]);
});

test('the template stays within what CloudFormation takes: 1 MB and 500 resources', () => {
  expect(Buffer.byteLength(JSON.stringify(JSON.parse(text)))).toBeLessThan(1_000_000);
  expect(Object.keys(template.Resources).length).toBeLessThan(500);
});

test('synthesis leaves no finding of any judge unacknowledged, not even a warning', () => {
  expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
});

test('a right that nobody acknowledged fails the synthesis by name', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'apportion-planted-'));
  const { app, stack } = apportionApp({ outdir });
  const victim = stack.node.findAll().find((construct) => construct instanceof ApportionFunction);
  victim?.allow({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::*'] });
  expect(() => app.synth()).toThrow(
    /Apportion\/Pipeline\/CloseRun\/Role\/DefaultPolicy[\s\S]*AwsSolutions-IAM5\[Resource::arn:aws:s3:::\*\]/,
  );
});

test('every parameter has a default, so that a stack needs nothing but its name', () => {
  const defaults = Object.fromEntries(
    Object.entries(template.Parameters).map(([name, { Default }]) => [name, Default]),
  );
  expect(Object.keys(defaults).sort()).toEqual(Object.values(PARAMETERS).sort());
  expect(defaults).toMatchObject({
    Architecture: 'arm64',
    WorkerMemoryMegabytes: 3008,
    MaximumConcurrency: 10,
    ManifestGraceSeconds: 900,
    PayerAccountIds: '',
    JwtIssuer: '',
    UploaderPrincipalArn: '',
  });
  expect(template.Parameters.MaximumConcurrency).toMatchObject({ MinValue: 2, MaxValue: 40 });
});

test('every output is one that lib/names knows', () => {
  expect(Object.keys(template.Outputs).sort()).toEqual(Object.values(OUTPUTS).sort());
});

test('the whole template resolves with every default, and makes no upload role that nobody asked for', () => {
  const { outputs, resources } = resolved(text);
  expect(outputs).not.toHaveProperty('UploadRoleArn');
  expect(outputs).toHaveProperty('UserPoolId');
  expect(outputs.DatabaseName).toMatch(/^apportion_[0-9a-f]{8}$/);
  expect([...resources.values()].filter(({ type }) => type === 'AWS::Lambda::Function')).toHaveLength(
    Object.keys(FUNCTIONS).length,
  );
});

test('each function’s code is its own zip in the region’s bucket, on the one runtime and processor', () => {
  const { resources } = resolved(text);
  const functions = [...resources.values()].filter(({ type }) => type === 'AWS::Lambda::Function');
  expect(functions.map(({ properties }) => properties.Code)).toEqual(
    expect.arrayContaining(
      Object.keys(FUNCTIONS).map((name) => ({
        S3Bucket: 'apportion-code-eu-central-1',
        S3Key: `functions/${name}.zip`,
      })),
    ),
  );
  for (const { properties } of functions)
    expect(properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
  for (const [, { Properties }] of ofType('AWS::Lambda::Function'))
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('workers of a queue are bounded by the same parameter as the map that feeds it', () => {
  const bounds = ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties.ScalingConfig);
  expect(
    bounds.filter((bound) => JSON.stringify(bound) === '{"MaximumConcurrency":{"Ref":"MaximumConcurrency"}}'),
  ).toHaveLength(3);
  const definitions = ofType('AWS::StepFunctions::StateMachine').map(([, { Properties }]) =>
    JSON.stringify(Properties.DefinitionString),
  );
  for (const definition of definitions)
    expect(definition).toContain('MaxConcurrency\\":",{"Ref":"MaximumConcurrency"}');
});

test('every queue is encrypted, has its DLQ, and hides a message six times as long as its consumer may work', () => {
  const { resources } = resolved(text);
  const queues = [...resources.values()].filter(({ type }) => type === 'AWS::SQS::Queue');
  for (const { properties } of queues) expect(properties.SqsManagedSseEnabled).toBe(true);
  const timeoutOf = new Map(
    [...resources.values()]
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ ref, properties }) => [ref, Number(properties.Timeout)]),
  );
  const mappings = [...resources.values()].filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
  expect(mappings).toHaveLength(Object.keys(QUEUES).length + 2);
  for (const { properties } of mappings) {
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    expect(Number(queue?.properties.VisibilityTimeout)).toBe(
      6 * Number(timeoutOf.get(String(properties.FunctionName))),
    );
    expect(properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  }
  const received = queues.flatMap(({ properties }) =>
    properties.RedrivePolicy === undefined ? [] : [Object(properties.RedrivePolicy).maxReceiveCount],
  );
  expect(received.sort()).toEqual(
    Object.values(QUEUES)
      .map(({ maxReceiveCount }) => maxReceiveCount)
      .sort(),
  );
});
