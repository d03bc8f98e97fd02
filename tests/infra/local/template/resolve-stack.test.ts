import { describe, expect, test } from 'vitest';
import { resolveStack } from '../../../../infra/local/template/resolve-stack.ts';

const options = {
  stackName: 'apportion',
  region: 'eu-central-1',
  accountId: '111122223333',
  parameters: {},
  urls: { sqs: 'http://127.0.0.1:9324', httpApi: 'http://127.0.0.1:8080' },
};
const stackOf = (template: object, parameters: Record<string, string> = {}) =>
  resolveStack({ Resources: {}, ...template }, { ...options, parameters });
/** The value of one expression, seen through a queue's property. */
const resolved = (value: unknown, rest: object = {}, parameters: Record<string, string> = {}) => {
  const { Resources, ...sections } = { Resources: {}, ...rest };
  return stackOf(
    { ...sections, Resources: { ...Resources, Q: { Type: 'AWS::SQS::Queue', Properties: { Value: value } } } },
    parameters,
  ).resources.get('Q')?.properties.Value;
};

describe('intrinsic functions', () => {
  const bucket = { Resources: { Lake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'lake' } } } };

  test.each([
    ['Ref of a resource', { Ref: 'Lake' }, 'lake'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Lake', 'Arn'] }, 'arn:aws:s3:::lake'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Lake.Arn' }, 'arn:aws:s3:::lake'],
    ['Join', { 'Fn::Join': ['/', ['s3:/', { Ref: 'Lake' }, 'runs']] }, 's3://lake/runs'],
    [
      'Sub with a resource, an attribute and a literal',
      { 'Fn::Sub': '${Lake} ${Lake.Arn} ${!Lake} ${AWS::AccountId}' },
      'lake arn:aws:s3:::lake ${Lake} 111122223333',
    ],
    ['Sub with variables of its own', { 'Fn::Sub': ['${A}-${Lake}', { A: { Ref: 'AWS::Partition' } }] }, 'aws-lake'],
    ['Select out of Split', { 'Fn::Select': [1, { 'Fn::Split': ['-', 'a-b-c'] }] }, 'b'],
    ['FindInMap', { 'Fn::FindInMap': ['Size', { Ref: 'AWS::Region' }, 'memory'] }, 512],
    ['If', { 'Fn::If': ['Large', 'yes', 'no'] }, 'yes'],
    ['Base64', { 'Fn::Base64': 'bill' }, 'YmlsbA=='],
    ['nested objects and lists', [{ a: [{ Ref: 'Lake' }] }], [{ a: ['lake'] }]],
  ])('%s', (_, expression, expected) => {
    const sections = {
      ...bucket,
      Mappings: { Size: { 'eu-central-1': { memory: 512 } } },
      Conditions: {
        Large: { 'Fn::And': [{ 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }, { Condition: 'Here' }] },
        Here: { 'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] }, { 'Fn::Equals': [1, 2] }] },
      },
    };
    expect(resolved(expression, sections)).toEqual(expected);
  });

  test('AWS::NoValue takes the property or the list item away', () => {
    const none = { 'Fn::If': ['Never', 'x', { Ref: 'AWS::NoValue' }] };
    const sections = { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } } };
    expect(resolved({ kept: 1, gone: none, list: [1, none] }, sections)).toEqual({ kept: 1, list: [1] });
  });

  test.each([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/8', 1, 8] }, /^Q: Fn::Cidr is not supported/],
    ['an import from another stack', { 'Fn::ImportValue': 'x' }, /^Q: Fn::ImportValue is not supported/],
    ['a reference to nothing', { Ref: 'Nobody' }, /^Q: refers to Nobody/],
    ['an attribute of nothing', { 'Fn::GetAtt': ['Nobody', 'Arn'] }, /^Q: refers to Nobody.Arn/],
    [
      'an attribute that the type has not',
      { 'Fn::GetAtt': ['Lake', 'Colour'] },
      /^Q: Lake \(AWS::S3::Bucket\) has no attribute Colour/,
    ],
    ['a condition of no name', { 'Fn::If': ['Nobody', 1, 2] }, /^Q: uses condition Nobody/],
    ['a key that a map has not', { 'Fn::FindInMap': ['M', 'a', 'b'] }, /^Q: mapping M has no a.b/],
  ])('%s is refused and the resource named', (_, expression, message) => {
    expect(() => resolved(expression, bucket)).toThrow(message);
  });
});

describe('parameters', () => {
  const declare = (declaration: object) => ({ Parameters: { P: { Type: 'String', ...declaration } } });

  test('a default stands where no value is given', () => {
    expect(resolved({ Ref: 'P' }, declare({ Default: 'code/' }))).toBe('code/');
    expect(resolved({ Ref: 'P' }, declare({ Default: 'code/' }), { P: 'v2/' })).toBe('v2/');
  });

  test('a list is split at its commas', () => {
    expect(resolved({ Ref: 'P' }, declare({ Type: 'CommaDelimitedList' }), { P: 'a, b' })).toEqual(['a', 'b']);
  });

  test.each([
    ['a missing value', {}, {}, 'P: parameter must have a value'],
    ['a value outside the allowed ones', { AllowedValues: ['arm64'] }, { P: 'mips' }, 'P: value must be one of arm64'],
    [
      'a value that the pattern matches only in part',
      { AllowedPattern: '[a-z]+' },
      { P: 'abc1' },
      'P: value must match [a-z]+',
    ],
    ['a short value', { MinLength: 3 }, { P: 'ab' }, 'P: value must have 3 characters or more'],
    ['a number that is none', { Type: 'Number' }, { P: 'ten' }, 'P: value must be a number'],
    ['a number that is too large', { Type: 'Number', MaxValue: '40' }, { P: '41' }, 'P: value must be 40 or less'],
    [
      'a list item that the pattern does not match',
      { Type: 'CommaDelimitedList', AllowedPattern: '\\d+' },
      { P: '1,x' },
      'P: value must match',
    ],
    ['a parameter that the template does not have', { Default: '' }, { Q: '1' }, 'Q: is no parameter of the template'],
    [
      'a type that only AWS can look up',
      { Type: 'AWS::SSM::Parameter::Value<String>' },
      { P: '/x' },
      'is not supported',
    ],
  ])('%s is refused by name', (_, declaration, given, message) => {
    expect(() => stackOf(declare(declaration), given)).toThrow(message);
  });

  test('an assertion of the Rules section is checked when its condition holds', () => {
    const template = {
      Parameters: { Issuer: { Type: 'String', Default: '' }, Client: { Type: 'String', Default: '' } },
      Rules: {
        Both: {
          RuleCondition: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Issuer' }, ''] }] },
          Assertions: [
            { Assert: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Client' }, ''] }] }, AssertDescription: 'needs Client' },
          ],
        },
      },
    };
    expect(stackOf(template).parameters).toEqual({ Issuer: '', Client: '' });
    expect(() => stackOf(template, { Issuer: 'https://id.example' })).toThrow('rule Both: needs Client');
  });
});

describe('resources', () => {
  test('a resource whose condition is false does not exist, and nothing can refer to it', () => {
    const template = {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { B: { Type: 'AWS::S3::Bucket', Condition: 'Never' } },
      Outputs: { Name: { Condition: 'Never', Value: { Ref: 'B' } } },
    };
    expect([...stackOf(template).resources.keys()]).toEqual([]);
    expect(stackOf(template).outputs).toEqual({});
    expect(() => stackOf({ ...template, Outputs: { Name: { Value: { Ref: 'B' } } } })).toThrow(
      'output Name: refers to B',
    );
  });

  test('a resource type that this machine does not know stops the start and is named', () => {
    expect(() => stackOf({ Resources: { Cache: { Type: 'AWS::ElastiCache::CacheCluster' } } })).toThrow(
      'Cache: resource type AWS::ElastiCache::CacheCluster is not supported',
    );
  });

  test('a section that CloudFormation does not have is refused', () => {
    expect(() => stackOf({ Resource: {} })).toThrow('Unrecognized key');
  });

  test('unnamed resources get the same name on every start and another one in another stack', () => {
    const template = { Resources: { LandingF95672E9: { Type: 'AWS::S3::Bucket' }, Work: { Type: 'AWS::SQS::Queue' } } };
    const names = (stackName: string) =>
      [...resolveStack(template, { ...options, stackName }).resources.values()].map(({ name }) => name);
    const [bucket, queue] = names('apportion');
    expect(names('apportion')).toEqual([bucket, queue]);
    expect(names('second')).not.toContain(queue);
    expect(bucket).toMatch(/^apportion-landingf95672e9-[a-z0-9]{12}$/);
    expect(queue).toMatch(/^apportion-Work-[A-Z0-9]{12}$/);
    const [long] = names('a-stack-whose-name-is-so-long-that-no-bucket-name-could-ever-hold-it-in-full');
    expect(long?.length).toBeLessThanOrEqual(63);
  });

  test('each type answers Ref and Arn as its own reference page says', () => {
    const types = {
      Queue: 'AWS::SQS::Queue',
      Machine: 'AWS::StepFunctions::StateMachine',
      Worker: 'AWS::Lambda::Function',
      Reader: 'AWS::IAM::Role',
      Pool: 'AWS::Cognito::UserPool',
    };
    const { resources } = stackOf({
      Resources: Object.fromEntries(Object.entries(types).map(([id, Type]) => [id, { Type }])),
    });
    expect(resources.get('Queue')?.ref).toMatch(/^http:\/\/127\.0\.0\.1:9324\/111122223333\/apportion-Queue-/);
    expect(resources.get('Queue')?.arn).toMatch(/^arn:aws:sqs:eu-central-1:111122223333:apportion-Queue-/);
    expect(resources.get('Machine')?.ref).toBe(resources.get('Machine')?.arn);
    expect(resources.get('Worker')?.arn).toMatch(
      /^arn:aws:lambda:eu-central-1:111122223333:function:apportion-Worker-/,
    );
    expect(resources.get('Reader')?.arn).toMatch(/^arn:aws:iam::111122223333:role\/apportion-Reader-/);
    expect(resources.get('Pool')?.ref).toMatch(/^eu-central-1_[a-z0-9]{9}$/);
  });

  test('two resources may refer to each other', () => {
    const { resources } = stackOf({
      Resources: {
        A: { Type: 'AWS::SQS::Queue', Properties: { Other: { 'Fn::GetAtt': ['B', 'Arn'] } } },
        B: { Type: 'AWS::SQS::Queue', Properties: { Other: { 'Fn::GetAtt': ['A', 'Arn'] } } },
      },
    });
    expect(resources.get('A')?.properties.Other).toBe(resources.get('B')?.arn);
    expect(resources.get('B')?.properties.Other).toBe(resources.get('A')?.arn);
  });
});
