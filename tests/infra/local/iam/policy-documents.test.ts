import { describe, expect, test } from 'vitest';
import { decide } from '../../../../infra/local/iam/decide.ts';
import { parsePolicy } from '../../../../infra/local/iam/policy-document.ts';
import type { RolePrincipal } from '../../../../infra/local/iam/principal.ts';
import type { Context } from '../../../../infra/local/iam/request-context.ts';

const role: RolePrincipal = {
  kind: 'role',
  roleArn: 'arn:aws:iam::111122223333:role/Reader',
  sessionName: 'one',
  tags: { customer: 'cus_1' },
};
const OBJECT = 'arn:aws:s3:::lake/results/customer=cus_1/a.parquet';
const policyOf = (...Statement: object[]) => parsePolicy('policy', { Version: '2012-10-17', Statement });
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more });
const deny = (more: object = {}) => allow({ Effect: 'Deny', ...more });
const NOTHING = { identity: [], resource: [], resourceMustAllow: false };

/** Whether the role may read the object when this is its policy. */
const mayRead = (statements: object[], resource = OBJECT, context: Context = {}, principal = role) =>
  decide(principal, { action: 's3:GetObject', resource, context }, { ...NOTHING, identity: [policyOf(...statements)] })
    .allowed;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
describe('allow and deny', () => {
  test.each<[string, object[], boolean]>([
    ['nothing is allowed unless a statement allows it', [], false],
    ['an Allow allows', [allow()], true],
    ['a Deny wins, wherever it stands', [deny(), allow()], false],
    ['a Deny of something else is none', [allow(), deny({ Action: 's3:PutObject' })], true],
  ])('%s', (_name, statements, expected) => expect(mayRead(statements)).toBe(expected));
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html, _notaction.html, _resource.html, _notresource.html
describe('actions and resources', () => {
  test.each<[string, object, boolean]>([
    ['actions know no case', { Action: 'S3:getobject' }, true],
    ['* stands for any characters', { Action: 's3:Get*' }, true],
    ['? stands for one', { Action: 's3:GetObjec?' }, true],
    ['? does not stand for none', { Action: 's3:GetObject?' }, false],
    ['one of several actions is enough', { Action: ['s3:PutObject', 's3:GetObject'] }, true],
    ['NotAction is all others', { Action: undefined, NotAction: 's3:PutObject' }, true],
    ['NotAction is not the one it names', { Action: undefined, NotAction: 's3:Get*' }, false],
    ['resources know case', { Resource: OBJECT.toUpperCase() }, false],
    ['a resource’s * reaches over slashes', { Resource: 'arn:aws:s3:::lake/results/*' }, true],
    ['and over colons', { Resource: 'arn:aws:*' }, true],
    ['NotResource is all others', { Resource: undefined, NotResource: 'arn:aws:s3:::lake/runs/*' }, true],
    ['NotResource is not the one it names', { Resource: undefined, NotResource: 'arn:aws:s3:::lake/results/*' }, false],
    ['a dot in a pattern is a dot', { Resource: 'arn:aws:s3:::lake/results/customer=cus_1/a?parquet' }, true],
    ['but no dot stands for another character', { Resource: OBJECT.replace('cus_1', 'cus.1') }, false],
  ])('%s', (_name, statement, expected) => expect(mayRead([allow(statement)])).toBe(expected));
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe('policy variables', () => {
  const own = 'arn:aws:s3:::lake/results/customer=${aws:PrincipalTag/customer}/*';
  test('stand for the request’s value', () => {
    expect(mayRead([allow({ Resource: own })])).toBe(true);
    expect(mayRead([allow({ Resource: own })], OBJECT.replace('cus_1', 'cus_2'))).toBe(false);
  });
  test('know no case in their key', () => {
    expect(mayRead([allow({ Resource: own.replace('PrincipalTag', 'principaltag') })])).toBe(true);
  });
  test('match nothing without a value, not even the empty text', () => {
    const untagged = { ...role, tags: {} };
    for (const object of [OBJECT, 'arn:aws:s3:::lake/results/customer=/a'])
      expect(mayRead([allow({ Resource: own })], object, {}, untagged)).toBe(false);
  });
  test('take a default', () => {
    const withDefault = own.replace('customer}', "customer, 'nobody'}");
    expect(
      mayRead([allow({ Resource: withDefault })], OBJECT.replace('cus_1', 'nobody'), {}, { ...role, tags: {} }),
    ).toBe(true);
  });
  test('bring no wildcard: a value’s * is a star', () => {
    expect(mayRead([allow({ Resource: own })], OBJECT, {}, { ...role, tags: { customer: '*' } })).toBe(false);
  });
  test('${*} is a star itself', () => {
    const star = 'arn:aws:s3:::lake/${*}';
    expect(mayRead([allow({ Resource: star })], 'arn:aws:s3:::lake/*')).toBe(true);
    expect(mayRead([allow({ Resource: star })])).toBe(false);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
describe('condition operators', () => {
  const prefix = { 's3:prefix': 'results/a' };
  const bucket = 'arn:aws:s3:::lake';
  const source = { 'aws:SourceArn': 'arn:aws:events:eu-central-1:111122223333:rule/Landed' };
  test.each<[string, object, Context, boolean]>([
    ['StringEquals is the same text', { StringEquals: { 's3:prefix': 'results/a' } }, prefix, true],
    ['StringEquals knows case', { StringEquals: { 's3:prefix': 'Results/a' } }, prefix, false],
    ['StringEquals takes a star for a star', { StringEquals: { 's3:prefix': 'results/*' } }, prefix, false],
    ['one of several values is enough', { StringEquals: { 's3:prefix': ['x', 'results/a'] } }, prefix, true],
    ['all keys must fit', { StringEquals: { 's3:prefix': 'results/a', 's3:delimiter': '/' } }, prefix, false],
    [
      'all operators must fit',
      { StringLike: { 's3:prefix': 'r*' }, StringEquals: { 's3:prefix': 'x' } },
      prefix,
      false,
    ],
    ['a key that is absent fits nothing', { StringLike: { 's3:prefix': '*' } }, {}, false],
    ['StringNotEquals fits what is absent', { StringNotEquals: { 's3:prefix': 'x' } }, {}, true],
    [
      'StringNotEquals fits when none of several does',
      { StringNotEquals: { 's3:prefix': ['x', 'results/a'] } },
      prefix,
      false,
    ],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { 's3:prefix': 'RESULTS/A' } }, prefix, true],
    ['StringLike takes wildcards', { StringLike: { 's3:prefix': 'results/*' } }, prefix, true],
    ['StringNotLike', { StringNotLike: { 's3:prefix': 'results/*' } }, prefix, false],
    ['IfExists fits what is absent', { StringLikeIfExists: { 's3:prefix': 'runs/*' } }, {}, true],
    ['IfExists asks when it is there', { StringLikeIfExists: { 's3:prefix': 'runs/*' } }, prefix, false],
    ['keys know no case', { StringEquals: { 'S3:PREFIX': 'results/a' } }, prefix, true],
    ['Bool compares true and false', { Bool: { 'aws:SecureTransport': 'true' } }, {}, true],
    ['Bool takes JSON’s own', { Bool: { 'aws:SecureTransport': false } }, {}, false],
    ['NumericLessThan is less', { NumericLessThan: { 's3:max-keys': '10' } }, { 's3:max-keys': '9' }, true],
    ['NumericLessThan is not equal', { NumericLessThan: { 's3:TlsVersion': 1.3 } }, {}, false],
    ['NumericLessThanEquals is', { NumericLessThanEquals: { 's3:TlsVersion': 1.3 } }, {}, true],
    ['a text is no number', { NumericGreaterThan: { 's3:max-keys': '0' } }, { 's3:max-keys': 'ten' }, false],
    [
      'ArnEquals takes wildcards, as ArnLike',
      { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } },
      source,
      true,
    ],
    [
      'ArnLike’s wildcard stays within its part',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:*:rule/Landed' } },
      source,
      false,
    ],
    [
      'ArnLike’s last part reaches over slashes and colons',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:*:*:*:r*' } },
      source,
      true,
    ],
    ['ArnNotLike', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:*' } }, source, true],
    ['Null true: the key is absent', { Null: { 's3:prefix': 'true' } }, {}, true],
    ['Null true: and not there', { Null: { 's3:prefix': 'true' } }, prefix, false],
    ['Null false: the key is there', { Null: { 'aws:PrincipalTag/customer': 'false' } }, {}, true],
    ['Null false: and not absent', { Null: { 'aws:PrincipalTag/other': 'false' } }, {}, false],
    [
      'a variable in a value',
      { StringEquals: { 's3:prefix': '${aws:PrincipalTag/customer}' } },
      { 's3:prefix': 'cus_1' },
      true,
    ],
    [
      'a variable without a value equals nothing',
      { StringEquals: { 's3:prefix': '${aws:PrincipalTag/x}' } },
      { 's3:prefix': '' },
      false,
    ],
  ])('%s', (_name, Condition, context, expected) =>
    expect(mayRead([allow({ Condition })], bucket, context)).toBe(expected),
  );
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
describe('sets of values', () => {
  const all = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['CUSTOMER#${aws:PrincipalTag/customer}'] } };
  const any = { 'ForAnyValue:StringEquals': { 'dynamodb:Attributes': ['name', 'cost'] } };
  test.each<[string, object, Context, boolean]>([
    ['ForAllValues: every value is one of those stated', all, { 'dynamodb:LeadingKeys': ['CUSTOMER#cus_1'] }, true],
    [
      'ForAllValues: one other value is too many',
      all,
      { 'dynamodb:LeadingKeys': ['CUSTOMER#cus_1', 'CUSTOMER#cus_2'] },
      false,
    ],
    ['ForAllValues holds for a key that is absent', all, {}, true],
    ['ForAllValues holds for no values', all, { 'dynamodb:LeadingKeys': [] }, true],
    ['with Null false it does not', { ...all, Null: { 'dynamodb:LeadingKeys': 'false' } }, {}, false],
    ['ForAnyValue: one value is enough', any, { 'dynamodb:Attributes': ['secret', 'cost'] }, true],
    ['ForAnyValue: but one it must be', any, { 'dynamodb:Attributes': ['secret'] }, false],
    ['ForAnyValue fails for a key that is absent', any, {}, false],
    [
      'ForAllValues of a negation: none is stated',
      { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['admin'] } },
      { 'aws:TagKeys': ['customer'] },
      true,
    ],
    [
      'ForAnyValue of a negation: one is not stated',
      { 'ForAnyValue:StringNotLike': { 'aws:TagKeys': ['c*'] } },
      { 'aws:TagKeys': ['customer'] },
      false,
    ],
  ])('%s', (_name, Condition, context, expected) =>
    expect(mayRead([allow({ Condition })], OBJECT, context)).toBe(expected),
  );
});

describe('what is not played here is refused by name', () => {
  test.each<[string, object, RegExp]>([
    ['an operator', { Condition: { DateLessThan: { 'aws:SourceArn': '2026' } } }, /operator DateLessThan/],
    ['a misspelt operator', { Condition: { StringsEqual: { 's3:prefix': 'a' } } }, /operator StringsEqual/],
    ['a set of Null', { Condition: { NullIfExists: { 's3:prefix': 'true' } } }, /operator NullIfExists/],
    ['a key', { Condition: { StringEquals: { 'aws:VpcSourceIp': '10.0.0.1' } } }, /key aws:VpcSourceIp/],
    ['a key in a variable', { Resource: '${aws:username}' }, /key aws:username/],
    ['an element', { Principal: undefined, NotPrincipal: '*' }, /NotPrincipal/],
    ['a statement of no action', { Action: undefined }, /neither Action nor NotAction/],
  ])('%s', (_name, statement, message) => expect(() => policyOf(allow(statement))).toThrow(message));

  test('a version without variables', () => {
    expect(() => parsePolicy('old', { Version: '2008-10-17', Statement: [] })).toThrow(/old: .*Version/s);
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
describe('policies of resources', () => {
  const read = { action: 's3:GetObject', resource: OBJECT };
  const by = (AWS: string, Effect = 'Allow') => policyOf(allow({ Effect, Principal: { AWS } }));
  const none = { ...NOTHING };
  const ROOT = 'arn:aws:iam::111122223333:root';

  test('allow by themselves whom they name', () => {
    for (const name of [role.roleArn, 'arn:aws:sts::111122223333:assumed-role/Reader/one', '*'])
      expect(decide(role, read, { ...none, resource: [by(name)] }).allowed).toBe(true);
    expect(decide(role, read, { ...none, resource: [by('arn:aws:iam::111122223333:role/Other')] })).toEqual({
      allowed: false,
      why: 'no-identity-policy',
    });
  });
  test('leave to the caller’s own policies what they give to the account', () => {
    const resource = [by(ROOT)];
    expect(decide(role, read, { ...none, resource }).allowed).toBe(false);
    expect(decide(role, read, { ...none, resource, identity: [policyOf(allow())] }).allowed).toBe(true);
  });
  test('deny whom they name, whatever else allows', () => {
    const identity = [policyOf(allow())];
    expect(decide(role, read, { ...none, identity, resource: [by(ROOT, 'Deny')] })).toMatchObject({
      allowed: false,
      why: 'explicit-deny',
    });
  });
  test('are all that a service has', () => {
    const service = {
      kind: 'service',
      service: 'events.amazonaws.com',
      sourceArn: 'arn:aws:events:r:1:rule/a',
    } as const;
    const admits = policyOf(
      allow({
        Principal: { Service: 'events.amazonaws.com' },
        Condition: {
          ArnEquals: { 'aws:SourceArn': 'arn:aws:events:r:1:rule/a' },
          StringEquals: { 'aws:SourceAccount': '1' },
        },
      }),
    );
    expect(decide(service, read, { ...none, resource: [admits] }).allowed).toBe(true);
    const other = { ...service, sourceArn: 'arn:aws:events:r:1:rule/b' };
    expect(decide(other, read, { ...none, resource: [admits] })).toEqual({ allowed: false, why: 'no-resource-policy' });
  });

  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (Permissions)
  test('of roles must let the caller in, by name or by its account and its own right', () => {
    const assume = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::111122223333:role/Other' };
    const trust = (AWS: string) => policyOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS } });
    const own = policyOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' });
    const may = (resource: ReturnType<typeof trust>[], identity: ReturnType<typeof trust>[]) =>
      decide(role, assume, { identity, resource, resourceMustAllow: true }).allowed;
    expect([may([], [own]), may([trust(role.roleArn)], []), may([trust(ROOT)], []), may([trust(ROOT)], [own])]).toEqual(
      [false, true, false, true],
    );
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
test('a session policy bounds a role: both must allow', () => {
  const read = { action: 's3:GetObject', resource: OBJECT };
  const identity = [policyOf(allow())];
  const bounded = (session: ReturnType<typeof policyOf>) => decide(role, read, { ...NOTHING, identity, session });
  expect(bounded(policyOf(allow())).allowed).toBe(true);
  expect(bounded(policyOf(allow({ Action: 's3:PutObject' })))).toEqual({ allowed: false, why: 'no-session-policy' });
  expect(decide(role, read, { ...NOTHING, session: policyOf(allow()) }).allowed).toBe(false);
});
