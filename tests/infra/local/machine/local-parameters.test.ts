import { describe, expect, test } from 'vitest';
import { findResource } from '../../../../infra/local/machine/find-resource.ts';
import { localParameters } from '../../../../infra/local/machine/local-parameters.ts';
import { resolveStack } from '../../../../infra/local/template/resolve-stack.ts';

const parametersOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, { Type: 'String' }]));
const pool = { Pool: { Type: 'AWS::Cognito::UserPool' } };

describe('parameters that this machine knows', () => {
  test('are given only where the template declares them, and never over what was asked for', () => {
    const template = { Parameters: parametersOf(['Architecture', 'MaximumConcurrency']), Resources: pool };
    const given = localParameters(template, 'http://127.0.0.1:1', { MaximumConcurrency: '7' });
    expect(given).toEqual({ Architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64', MaximumConcurrency: '7' });
    expect(localParameters({ Resources: {} }, 'http://127.0.0.1:1', {})).toEqual({});
  });

  test('keep the number of workers within what an event-source mapping takes', () => {
    const template = { Parameters: parametersOf(['MaximumConcurrency']), Resources: {} };
    const workers = Number(localParameters(template, '', {}).MaximumConcurrency);
    expect(workers).toBeGreaterThanOrEqual(2);
    expect(workers).toBeLessThanOrEqual(10);
  });

  test('name the machine’s own issuer only where the template makes no user pool', () => {
    const Parameters = parametersOf(['JwtIssuer', 'JwtClientId']);
    expect(localParameters({ Parameters, Resources: {} }, 'http://127.0.0.1:1', {})).toEqual({
      JwtIssuer: 'http://127.0.0.1:1',
      JwtClientId: 'apportion-local',
    });
    expect(localParameters({ Parameters, Resources: pool }, 'http://127.0.0.1:1', {})).toEqual({});
  });
});

describe('a resource by the beginning of its id', () => {
  const queues = ['Work', 'WorkDlq', 'PipelineIntakeQueue53CF5F3D', 'PipelineIntakeQueueDeadLettersD0EBCD01'];
  const stack = resolveStack(
    { Resources: Object.fromEntries(queues.map((id) => [id, { Type: 'AWS::SQS::Queue' }])) },
    { stackName: 's', region: 'r', accountId: '1', parameters: {}, urls: { sqs: '', httpApi: '' } },
  );
  const find = (start: string) => findResource(stack, 'AWS::SQS::Queue', start).logicalId;

  test('is the one called so, or the one that CDK only put its digits behind', () => {
    expect(find('Work')).toBe('Work');
    expect(find('PipelineIntakeQueue')).toBe('PipelineIntakeQueue53CF5F3D');
    expect(find('PipelineIntakeQueueDead')).toBe('PipelineIntakeQueueDeadLettersD0EBCD01');
  });

  test('is refused where it could be none or several', () => {
    expect(() => find('Wo')).toThrow('the template has 2 AWS::SQS::Queue whose id begins with Wo');
    expect(() => find('Nothing')).toThrow('the template has 0');
    expect(() => findResource(stack, 'AWS::S3::Bucket', 'Work')).toThrow('the template has 0');
  });
});
