import { expect, test } from 'vitest';
import { evaluateTemplate } from '../../../../infra/local/iam/evaluate-template.ts';

const OPTIONS = {
  stackName: 'small',
  region: 'eu-central-1',
  accountId: '111122223333',
  parameters: {},
  urls: { sqs: 'https://sqs.test', httpApi: 'https://api.test' },
};
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:work';
const allow = (more: object) => ({ Effect: 'Allow', Action: 'sqs:SendMessage', ...more });
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

function template() {
  const arn = { 'Fn::GetAtt': ['Queue', 'Arn'] };
  return {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: document(
            allow({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }),
          ),
          ManagedPolicyArns: [{ Ref: 'Managed' }],
        },
      },
      Managed: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: document(allow({ Action: 'sqs:ReceiveMessage', Resource: arn })) },
      },
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'send',
          Roles: [{ Ref: 'Role' }],
          PolicyDocument: document(allow({ Resource: arn })),
        },
      },
      QueuePolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: document(
            allow({
              Effect: 'Deny',
              Principal: '*',
              Resource: arn,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ),
        },
      },
    },
  };
}
const send = { role: 'Role', action: 'sqs:SendMessage', resource: QUEUE };

test('a template says what its role may do, by attached and managed policies', () => {
  for (const action of ['sqs:SendMessage', 'sqs:ReceiveMessage'])
    expect(evaluateTemplate(template(), { ...send, action }, OPTIONS)).toEqual({ allowed: true });
  expect(evaluateTemplate(template(), { ...send, action: 'sqs:PurgeQueue' }, OPTIONS)).toEqual({
    allowed: false,
    why: 'no-identity-policy',
  });
});

test('a grant that is taken out of the JSON is gone', () => {
  const { Attached: _gone, ...Resources } = template().Resources;
  expect(evaluateTemplate({ Resources }, send, OPTIONS)).toMatchObject({ allowed: false });
});

test('a queue’s policy denies by what the request carries', () => {
  expect(evaluateTemplate(template(), { ...send, context: { 'aws:SecureTransport': 'false' } }, OPTIONS)).toEqual({
    allowed: false,
    why: 'explicit-deny',
    policy: 'QueuePolicy',
  });
});

test('a role that is not there, and a managed policy of somebody else, are named', () => {
  expect(() => evaluateTemplate(template(), { ...send, role: 'Nobody' }, OPTIONS)).toThrow('no role Nobody');
  const changed = template();
  Object.assign(changed.Resources.Role.Properties, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] });
  expect(() => evaluateTemplate(changed, send, OPTIONS)).toThrow(/ReadOnlyAccess is not of this stack/);
});
