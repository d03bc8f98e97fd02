import { expect, test } from 'vitest';
import { resolved, synthesize } from './synthesized.ts';

const { text, template, ofType } = synthesize();
const stack = resolved(text);

/** Everything that would be lost, or made anew and empty, if its logical id changed. */
const STATEFUL = {
  StorageAccessLogs96FB524C: 'AWS::S3::Bucket',
  StorageLandingBucket5137C247: 'AWS::S3::Bucket',
  StorageLakeBucketFC13E550: 'AWS::S3::Bucket',
  StorageRegistryTable8BD50B6E: 'AWS::DynamoDB::Table',
  StorageRunsTable507B5BF8: 'AWS::DynamoDB::Table',
  StorageAuditTable0CB55A54: 'AWS::DynamoDB::Table',
  IdentityUsers61009EFD: 'AWS::Cognito::UserPool',
  PipelineIntakeQueue53CF5F3D: 'AWS::SQS::Queue',
  PipelineIntakeDeadLettersD0EBCD01: 'AWS::SQS::Queue',
  PipelineConvertQueueA4C22063: 'AWS::SQS::Queue',
  PipelineConvertDeadLettersD031BD25: 'AWS::SQS::Queue',
  PipelinePriceQueueFAF0AF25: 'AWS::SQS::Queue',
  PipelinePriceDeadLettersEB0AC37B: 'AWS::SQS::Queue',
  PipelineAdditionsQueueF1D43FFC: 'AWS::SQS::Queue',
  PipelineAdditionsDeadLettersEA3AE43F: 'AWS::SQS::Queue',
  PipelineListsQueueDE869FE0: 'AWS::SQS::Queue',
  PipelineListsDeadLettersA4A12E8C: 'AWS::SQS::Queue',
  PipelineUndelivered7C419956: 'AWS::SQS::Queue',
  ApiPreviewsQueue6499C753: 'AWS::SQS::Queue',
  ApiPreviewsDeadLetters24FD7BED: 'AWS::SQS::Queue',
};
const STATEFUL_TYPES = new Set(Object.values(STATEFUL));

test('no release replaces a store: their logical ids are these and no others', () => {
  const found = Object.entries(template.Resources).flatMap(([id, { Type }]) =>
    STATEFUL_TYPES.has(Type) ? [[id, Type]] : [],
  );
  expect(Object.fromEntries(found)).toEqual(STATEFUL);
});

test.each(Object.keys(STATEFUL))('%s outlives the stack, and its own replacement', (id) => {
  expect(template.Resources[id]).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

test.each(ofType('AWS::S3::Bucket').map(([id, { Properties }]) => [id, Properties] as const))(
  '%s is encrypted, versioned, owned by its owner and closed to the public',
  (_, properties) => {
    expect(properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
  },
);

test('buckets and queues refuse whoever comes without TLS', () => {
  const policies = [...stack.resources.values()].filter(({ type }) => /::(BucketPolicy|QueuePolicy)$/.test(type));
  const closed = policies.flatMap(({ properties }) => {
    const statements: unknown[] = Object(properties.PolicyDocument).Statement;
    const denies = statements.some(
      (statement) =>
        JSON.stringify(statement).includes('{"Bool":{"aws:SecureTransport":"false"}}') &&
        Object(statement).Effect === 'Deny',
    );
    return denies
      ? [properties.Bucket, ...(Array.isArray(properties.Queues) ? properties.Queues : [])].filter(Boolean)
      : [];
  });
  const stores = [...stack.resources.values()].filter(({ type }) => /^AWS::(S3::Bucket|SQS::Queue)$/.test(type));
  expect(closed.sort()).toEqual(stores.map(({ ref }) => ref).sort());
});

test.each(ofType('AWS::DynamoDB::Table').map(([id, { Properties }]) => [id, Properties] as const))(
  '%s can be restored to any second, is encrypted, on demand and not deleted by mistake',
  (_, properties) => {
    expect(properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
    });
  },
);

test('only items of the runs table may expire, and only it has the index for lists', () => {
  const { StorageRunsTable507B5BF8: runs, ...others } = Object.fromEntries(ofType('AWS::DynamoDB::Table'));
  expect(runs?.Properties).toMatchObject({
    TimeToLiveSpecification: { AttributeName: 'expiresAtSeconds', Enabled: true },
    GlobalSecondaryIndexes: [{ IndexName: 'byList', Projection: { ProjectionType: 'ALL' } }],
  });
  for (const { Properties } of Object.values(others)) {
    expect(Properties).not.toHaveProperty('TimeToLiveSpecification');
    expect(Properties).not.toHaveProperty('GlobalSecondaryIndexes');
  }
});

test('no rule of the lake deletes a result or a split; answers to queries and previews go after a week', () => {
  const lake = Object(template.Resources.StorageLakeBucketFC13E550?.Properties.LifecycleConfiguration);
  const expiring = lake.Rules.filter((rule: unknown) => 'ExpirationInDays' in Object(rule));
  expect(expiring).toEqual([
    expect.objectContaining({ Prefix: 'athena/', ExpirationInDays: 7 }),
    expect.objectContaining({ Prefix: 'previews/', ExpirationInDays: 7 }),
    expect.objectContaining({ Prefix: 'athena-customers/', ExpirationInDays: 7 }),
  ]);
});

test('the landing bucket tells EventBridge of objects, and keeps them 14 months', () => {
  expect(template.Resources.StorageLandingBucket5137C247?.Properties).toMatchObject({
    NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    LifecycleConfiguration: { Rules: expect.arrayContaining([expect.objectContaining({ ExpirationInDays: 427 })]) },
  });
});

test('data exports may deliver for the named payers only, and for this account where none is named', () => {
  const policy = ofType('AWS::S3::BucketPolicy').find(([id]) => id.startsWith('StorageLanding'));
  const statements: unknown[] = Object(policy?.[1].Properties.PolicyDocument).Statement;
  expect(statements).toContainEqual(
    expect.objectContaining({
      Sid: 'DataExportsDeliver',
      Principal: { Service: ['bcm-data-exports.amazonaws.com', 'billingreports.amazonaws.com'] },
      Condition: expect.objectContaining({
        StringEquals: {
          'aws:SourceAccount': { 'Fn::If': ['PayersNamed', { Ref: 'PayerAccountIds' }, [{ Ref: 'AWS::AccountId' }]] },
        },
      }),
    }),
  );
});

test('a query without a customer is an error, and a period is computed, never stored', () => {
  const published = ['customer_charges', 'waterfall', 'costs'].map((name) =>
    [...stack.resources.values()].find(({ type, name: found }) => type === 'AWS::Glue::Table' && found === name),
  );
  const [lake] = [...stack.resources.values()].filter(({ logicalId }) => logicalId.startsWith('StorageLakeBucket'));
  const roots = ['published/customer_charges', 'partner/published/waterfall', 'partner/published/costs'];
  for (const [index, table] of published.entries())
    expect(table?.properties.TableInput).toMatchObject({
      PartitionKeys: [
        { Name: 'customer', Type: 'string' },
        { Name: 'period', Type: 'string' },
      ],
      Parameters: {
        'projection.enabled': 'true',
        'projection.customer.type': 'injected',
        'projection.period.type': 'date',
        'projection.period.format': 'yyyy-MM',
        'projection.period.range': '2020-01,NOW+1MONTHS',
        'projection.period.interval': '1',
        'projection.period.interval.unit': 'MONTHS',
        'storage.location.template': `s3://${lake?.name}/${roots[index]}/customer=\${customer}/period=\${period}/`,
      },
      StorageDescriptor: { InputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' },
    });
});

test('work groups decide where answers go, whatever a caller asks for', () => {
  const groups = [...stack.resources.values()].filter(({ type }) => type === 'AWS::Athena::WorkGroup');
  expect(groups.map(({ name }) => name)).toEqual(['Apportion', 'Apportion-customers']);
  for (const { properties } of groups)
    expect(properties.WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } },
    });
});
