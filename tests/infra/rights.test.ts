import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { resolved, synthesize } from './synthesized.ts';

const { text, ofType } = synthesize();
const stack = resolved(text);
const resources = [...stack.resources.values()];

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Statement = z.object({
  Effect: z.string(),
  Action: texts,
  Resource: texts,
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
const PolicyDocument = z.object({ Statement: z.array(Statement) });

/** Everything any role may do, with the role's logical id. */
const rights = resources
  .filter(({ type }) => type === 'AWS::IAM::Policy')
  .flatMap(({ properties }) => {
    const [roleName] = z.array(z.string()).parse(properties.Roles);
    const role = resources.find(({ type, ref }) => type === 'AWS::IAM::Role' && ref === roleName)?.logicalId ?? '';
    return PolicyDocument.parse(properties.PolicyDocument).Statement.map((statement) => ({ role, ...statement }));
  });
const rightsOf = (role: RegExp) => rights.filter((right) => role.test(right.role));

const bucketOf = (id: string) => `arn:aws:s3:::${resources.find(({ logicalId }) => logicalId.startsWith(id))?.name}`;
const lake = bucketOf('StorageLake');
const landing = bucketOf('StorageLanding');

test('no right has a wildcard in its action, or in its resource but these', () => {
  expect(rights.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  const wildcards = rights.flatMap(({ Resource }) => Resource).filter((resource) => resource.includes('*'));
  const outside = (resource: string) =>
    resource
      .replace(lake, 'lake')
      .replace(landing, 'landing')
      .replace(/^arn:aws:logs:.*:log-group:[^:]+:\*$/, 'own log');
  expect([...new Set(wildcards.map(outside))].sort()).toEqual([
    '*',
    'arn:aws:glue:eu-central-1:111122223333:table/apportion_783ca8f2/delivered_*',
    'arn:aws:states:eu-central-1:111122223333:execution:Apportion-SplitBill:*',
    'lake/additions/*',
    'lake/additions/*/*/summary.json',
    'lake/athena-customers/*',
    'lake/athena/*',
    'lake/deliveries/*',
    'lake/deliveries/*/delivery.json',
    'lake/frozen/*/*.json',
    'lake/partner/costs/*',
    'lake/partner/published/*',
    'lake/partner/waterfall/*',
    'lake/previews/*',
    'lake/published/*',
    'lake/published/customer_charges/customer=${aws:PrincipalTag/customer}/*',
    'lake/results/*',
    'lake/results/customer=${aws:PrincipalTag/customer}/*',
    'lake/runs/*',
    'lake/runs/*/plan.json',
    'lake/runs/*/publication.json',
    'lake/runs/*/split.json',
    'lake/runs/*/split/*/*',
    'lake/runs/*/summary.json',
    'landing/*',
    'own log',
  ]);
});

test('only tracing and log delivery, which know no resource, may touch "*"', () => {
  const actions = rights.filter(({ Resource }) => Resource.includes('*')).flatMap(({ Action }) => Action);
  expect([...new Set(actions.map((action) => action.split(':')[0]))].sort()).toEqual(['logs', 'xray']);
});

test('nobody scans a table, and nobody changes what was audited', () => {
  expect(rights.flatMap(({ Action }) => Action)).not.toContain('dynamodb:Scan');
  const audit = resources.find(({ logicalId }) => logicalId.startsWith('StorageAudit'))?.arn ?? 'none';
  expect(rights.filter(({ Resource }) => Resource.includes(audit)).map(({ Action }) => Action)).toEqual([
    ['dynamodb:PutItem'],
  ]);
});

test('nobody of ours writes into the landing bucket, or deletes what is not a published list, but the sweeper', () => {
  const changes = /^s3:(Put|Delete|Replicate)/;
  const isSweeper = (role: string) => role.startsWith('PipelineSweepLakeRole');
  const into = (bucket: string) =>
    rights
      .filter(({ role }) => !isSweeper(role))
      .flatMap(({ Action, Resource }) =>
        Action.filter((action) => changes.test(action)).flatMap((action) =>
          Resource.filter((resource) => resource.startsWith(bucket)).map((resource) => `${action} ${resource}`),
        ),
      );
  expect(into(landing)).toEqual([]);
  expect(new Set(into(lake).filter((change) => change.startsWith('s3:Delete')))).toEqual(
    new Set([`s3:DeleteObject ${lake}/published/*`, `s3:DeleteObject ${lake}/partner/published/*`]),
  );
});

test('the sweeper deletes neither lists nor what a provider delivered, and writes nothing', () => {
  const sweeper = rightsOf(/^PipelineSweepLakeRole/);
  const changes = sweeper.filter(({ Action }) =>
    Action.some((action) => /^(s3:(Put|Delete|Abort)|dynamodb:(Put|Update|Delete))/.test(action)),
  );
  expect(changes.map(({ Action }) => Action)).toEqual([['s3:DeleteObject']]);
  const areas = ['results', 'partner/costs', 'partner/waterfall', 'additions', 'runs', 'deliveries'];
  expect(changes[0]?.Resource).toEqual(areas.map((area) => `${lake}/${area}/*`));
});

describe('the API', () => {
  test('has no right of its own on results, published lists or queries', () => {
    const own = rightsOf(/^ApiRole/).flatMap(({ Action, Resource }) => [...Action, ...Resource]);
    expect(own.filter((part) => /results\/|published\/|partner\/|athena|glue/.test(part))).toEqual([]);
    expect(own.filter((part) => part.startsWith(lake))).toEqual([
      `${lake}/runs/*/summary.json`,
      `${lake}/additions/*/*/summary.json`,
      `${lake}/runs/*/publication.json`,
      `${lake}/runs/*/plan.json`,
      `${lake}/frozen/*/*.json`,
    ]);
  });

  test('becomes CustomerReader only with a customer to read', () => {
    const reader = resources.find(({ logicalId }) => logicalId.startsWith('ApiCustomerReader'));
    const api = resources.find(({ logicalId }) => /^ApiRole/.test(logicalId));
    expect(reader?.properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [
        {
          Action: ['sts:AssumeRole', 'sts:TagSession'],
          Principal: { AWS: 'arn:aws:iam::111122223333:root' },
          Condition: {
            ArnEquals: { 'aws:PrincipalArn': api?.arn },
            Null: { 'aws:RequestTag/customer': 'false' },
          },
        },
      ],
    });
  });
});

describe('PartnerReader', () => {
  const reader = rightsOf(/^ApiPartnerReader/);

  test('is assumed by the API alone, reads what is published, and changes nothing but its queries’ answers', () => {
    const role = resources.find(({ logicalId }) => logicalId.startsWith('ApiPartnerReader'));
    const api = resources.find(({ logicalId }) => /^ApiRole/.test(logicalId));
    expect(role?.properties.AssumeRolePolicyDocument).toMatchObject({
      Statement: [{ Action: 'sts:AssumeRole', Condition: { ArnEquals: { 'aws:PrincipalArn': api?.arn } } }],
    });
    const written = reader.filter(({ Action }) => Action.some((action) => /Put|Delete|Update|Create/.test(action)));
    expect(written.flatMap(({ Resource }) => Resource)).toEqual([`${lake}/athena/*`]);
    const objects = reader.flatMap(({ Resource }) => Resource).filter((resource) => resource.startsWith(`${lake}/`));
    expect(objects).toEqual(
      ['published', 'partner/published', 'results', 'partner/costs', 'partner/waterfall', 'athena'].map(
        (area) => `${lake}/${area}/*`,
      ),
    );
  });
});

describe('CustomerReader', () => {
  const reader = rightsOf(/^ApiCustomerReader/);

  test('reads nothing without the tag: not an object, not a table', () => {
    const untagged = reader.filter(({ Condition }) => Condition.Null?.['aws:PrincipalTag/customer'] !== 'false');
    expect(untagged.map(({ Action }) => Action)).toEqual([['s3:GetBucketLocation']]);
  });

  test('reads the customer’s own lists and results, answers it asked for, and no record', () => {
    const objects = reader.flatMap(({ Resource }) => Resource).filter((resource) => resource.startsWith(`${lake}/`));
    expect(objects).toEqual([
      `${lake}/published/customer_charges/customer=\${aws:PrincipalTag/customer}/*`,
      `${lake}/results/customer=\${aws:PrincipalTag/customer}/*`,
      `${lake}/athena-customers/*`,
    ]);
    expect(reader.flatMap(({ Action }) => Action).filter((action) => action.startsWith('dynamodb:'))).toEqual([]);
  });

  test('sees one table, the customers’ ledger', () => {
    const tables = reader.flatMap(({ Resource }) => Resource).filter((resource) => /:table\/apportion_/.test(resource));
    expect(tables).toEqual([expect.stringMatching(/\/customer_charges$/)]);
  });
});

describe('SplitBill, with whose rights Athena acts', () => {
  const machine = rightsOf(/^PipelineSplitSplitBillRole/);

  test('writes splits and answers, and no result', () => {
    const written = machine.filter(({ Action }) => Action.includes('s3:PutObject')).flatMap(({ Resource }) => Resource);
    expect(written).toEqual([`${lake}/runs/*/split/*/*`, `${lake}/athena/*`]);
  });

  test('makes tables of runs only, and drops none', () => {
    const made = machine
      .filter(({ Action }) => Action.includes('glue:CreateTable'))
      .flatMap(({ Resource }) => Resource);
    expect(made.filter((resource) => resource.includes(':table/'))).toEqual([expect.stringMatching(/\/delivered_\*$/)]);
    expect(machine.flatMap(({ Action }) => Action)).not.toContain('glue:DeleteTable');
  });
});

test('the upload role writes the folder its session names, and nothing without that name', () => {
  const [, role] = ofType('AWS::IAM::Role').find(([id]) => id.startsWith('StorageUploadRole')) ?? [];
  expect(role).toMatchObject({
    Condition: 'UploaderNamed',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: ['sts:AssumeRole', 'sts:TagSession'],
            Condition: { Null: { 'aws:RequestTag/integration': 'false' } },
            Principal: { AWS: { Ref: 'UploaderPrincipalArn' } },
          },
        ],
      },
      Policies: [
        {
          PolicyDocument: {
            Statement: [
              {
                Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
                Condition: { Null: { 'aws:PrincipalTag/integration': 'false' } },
                Resource: { 'Fn::Join': ['', [expect.anything(), '/${aws:PrincipalTag/integration}/*']] },
              },
            ],
          },
        },
      ],
    },
  });
});
