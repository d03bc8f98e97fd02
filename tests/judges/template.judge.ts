import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import validateAsl from 'asl-validator';
import { CfnRoute, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apportionApp } from '../../infra/apportion-app.ts';
import { synthesize } from '../infra/synthesized.ts';
import { judged, planted } from './judged.ts';
import { JUDGES } from './judges.ts';
import { cfnLint } from './template/cfn-lint.ts';
import { checkov } from './template/checkov.ts';
import {
  literalDefinitions,
  openTemplate,
  resourceOf,
  withLiteralDefinitions,
} from './template/literal-definitions.ts';

const { text } = synthesize();
const resourceCount = Object.keys(openTemplate(text).Resources).length;
const resources = `${resourceCount} resources`;

describe('CDK and cdk-nag', () => {
  test(
    'find nothing in the app that is not acknowledged with its reason',
    judged(JUDGES.cdkNag, 'the app, at synthesis', async () => {
      const { violations, acknowledged } = await cdkReport(() => {});
      expect(violations).toEqual([]);
      expect(acknowledged.filter(({ reason }) => reason.length < 20)).toEqual([]);
      return { count: resources };
    }),
  );

  test(
    'find a route without authorization',
    planted(JUDGES.cdkNag, 'an open route', async () => {
      const { violations } = await cdkReport(({ stack }) => {
        const api = stack.node.findChild('Api').node.findChild('Http') as HttpApi;
        new CfnRoute(stack, 'Planted', { apiId: api.apiId, routeKey: 'GET /v1/planted', authorizationType: 'NONE' });
      });
      expect(violations).toEqual(['AwsSolutions-APIG4']);
    }),
  );

  test(
    'find a grant of everything',
    planted(JUDGES.cdkNag, 'a wildcard grant', async () => {
      const { violations } = await cdkReport(({ stack }) => {
        const machine = stack.node.findChild('Pipeline').node.findChild('CloseRun').node.findChild('Role') as Role;
        machine.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: ['arn:aws:s3:::planted/*'] }));
      });
      expect([...new Set(violations)].sort()).toEqual([
        'AwsSolutions-IAM5[Action::s3:*]',
        'AwsSolutions-IAM5[Resource::arn:aws:s3:::planted/*]',
      ]);
    }),
  );
});

describe('cfn-lint', () => {
  test(
    'finds nothing in the template',
    judged(JUDGES.cfnLint, 'the template, state machines with literal ARNs', async () => {
      expect(await cfnLint(JSON.parse(text), withLiteralDefinitions(text))).toEqual([]);
      return { count: resources };
    }),
  );

  test(
    'finds a property that does not exist',
    planted(JUDGES.cfnLint, 'an unknown property', async () => {
      const template = openTemplate(text);
      resourceOf(template, 'AWS::SQS::Queue', 'PipelineIntakeQueue').Properties.VisibilityTimeoutSeconds = 30;
      expect(await cfnLint(template)).toEqual([expect.stringMatching(/^E3002 .*VisibilityTimeoutSeconds/)]);
    }),
  );

  test(
    'finds a field that no JSONata state has',
    planted(JUDGES.cfnLint, 'an unknown field of a state', async () => {
      const template = withLiteralDefinitions(text);
      const { Properties } = resourceOf(template, 'AWS::StepFunctions::StateMachine', 'PipelineSplit');
      Properties.DefinitionString = String(Properties.DefinitionString).replace('"Arguments"', '"Parameters"');
      expect(await cfnLint(template)).toContainEqual(expect.stringMatching(/^E3601 .*Parameters/));
    }),
  );
});

describe('checkov', () => {
  test(
    'finds nothing that is not acknowledged',
    judged(JUDGES.checkov, 'the template', async () => {
      const { findings, passed, acknowledged } = await checkov(JSON.parse(text));
      expect(findings).toEqual([]);
      return { count: `${passed + acknowledged} checks`, remark: `${acknowledged} acknowledged by rule, with reasons` };
    }),
  );

  test(
    'finds a queue without encryption, and a bucket open to all',
    planted(JUDGES.checkov, 'a plain queue, an open bucket', async () => {
      const template = openTemplate(text);
      resourceOf(template, 'AWS::SQS::Queue', 'PipelineIntakeQueue').Properties.SqsManagedSseEnabled = false;
      const { Properties } = resourceOf(template, 'AWS::S3::Bucket', 'StorageLakeBucket');
      Properties.PublicAccessBlockConfiguration = { BlockPublicPolicy: false };
      const found = (await checkov(template)).findings.map((finding) => finding.split(' ')[0]);
      expect(new Set(found)).toEqual(new Set(['CKV_AWS_27', 'CKV_AWS_53', 'CKV_AWS_54', 'CKV_AWS_55', 'CKV_AWS_56']));
    }),
  );
});

describe('asl-validator', () => {
  const definitions = literalDefinitions(text);

  test(
    'finds nothing in the state machines',
    judged(JUDGES.aslValidator, 'both state machines', async () => {
      expect(definitions.size).toBe(2);
      for (const [id, definition] of definitions) expect(faultsOf(definition), id).toBe('');
      const states = [...definitions.values()].map((definition) => Object.keys(JSON.parse(definition).States).length);
      return { count: `${states.reduce((sum, count) => sum + count, 0)} states` };
    }),
  );

  test(
    'finds a Next that leads nowhere',
    planted(JUDGES.aslValidator, 'a dangling Next', async () => {
      const [[, definition = ''] = []] = definitions;
      const dangling = definition.replace(/"Next":"[^"]+"/, '"Next":"Nowhere"');
      expect(faultsOf(dangling)).toContain('MISSING_TRANSITION_TARGET');
    }),
  );
});

/** What asl-validator finds; it writes into the definition it is given, so each call reads it anew. */
function faultsOf(definition: string): string {
  return validateAsl(JSON.parse(definition)).errorsText();
}

const Report = z.object({
  pluginReports: z.array(
    z.object({
      violations: z.array(z.object({ ruleName: z.string() })),
      suppressedViolations: z.array(z.object({ ruleName: z.string(), reason: z.string() })).default([]),
    }),
  ),
});

/** CDK's report on the app after `plant` has changed it: rules broken, and those acknowledged with their reasons. */
async function cdkReport(plant: (app: ReturnType<typeof apportionApp>) => void) {
  const outdir = await mkdtemp(join(tmpdir(), 'apportion-synth-'));
  try {
    const made = apportionApp({ outdir });
    plant(made);
    try {
      made.app.synth();
    } catch (error) {
      // Thrown for what a plugin found; the report then has it.
      if (!(error instanceof Error) || error.name !== 'ValidationFailed') throw error;
    }
    const { pluginReports } = Report.parse(JSON.parse(await readFile(join(outdir, 'validation-report.json'), 'utf8')));
    return {
      violations: pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName)),
      acknowledged: pluginReports.flatMap(({ suppressedViolations }) => suppressedViolations),
    };
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}
