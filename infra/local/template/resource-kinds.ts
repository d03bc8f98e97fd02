import { createHash } from 'node:crypto';

/** Where a resource stands: what `Ref` and `Fn::GetAtt` answers are made of. */
export interface Address {
  readonly name: string;
  readonly logicalId: string;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  /** URLs that only this machine can know: they stand where AWS's own host names would. */
  readonly urls: MachineUrls;
}

/** Base URLs of the stand-ins that show in `Ref` and `Fn::GetAtt` answers, without a slash at the end. */
export interface MachineUrls {
  readonly sqs: string;
  readonly httpApi: string;
}

/** What CloudFormation answers for one resource type, as its reference page says under "Return values". */
export interface ResourceKind {
  /** Path of the property that names the resource; absent where a name cannot be chosen. */
  readonly nameAt?: readonly string[];
  /** What `Ref` answers; the physical name unless said otherwise. */
  readonly ref?: (address: Address) => string;
  readonly attributes: Readonly<Record<string, (address: Address) => string>>;
  /** False: the type needs nothing on one machine (grants, alarms, log groups), it only can be referred to. */
  readonly runs: boolean;
}

const arn = (service: string, path: (address: Address) => string) => (at: Address) =>
  `arn:aws:${service}:${at.region}:${at.accountId}:${path(at)}`;
const iamArn = (path: string) => (at: Address) => `arn:aws:iam::${at.accountId}:${path}${at.name}`;
const name = (at: Address) => at.name;
/** An id as AWS makes them up: lower-case letters and digits, the same one on every start. */
const id = (length: number) => (at: Address) =>
  BigInt(`0x${createHash('sha256').update(`${at.stackName}/${at.logicalId}`).digest('hex')}`)
    .toString(36)
    .slice(0, length);
const uuid = (at: Address) => {
  const hex = createHash('sha256').update(`${at.stackName}/${at.logicalId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
};
const queueUrl = (at: Address) => `${at.urls.sqs}/${at.accountId}/${at.name}`;
const userPoolId = (at: Address) => `${at.region}_${id(9)(at)}`;
const userPoolHost = (at: Address) => `cognito-idp.${at.region}.amazonaws.com/${userPoolId(at)}`;
const inert = (kind: Partial<ResourceKind> = {}): ResourceKind => ({ attributes: {}, ...kind, runs: false });

/**
 * Every resource type this machine knows. A type that is not here stops the start: to skip it silently would be to
 * run something else than the template.
 */
export const RESOURCE_KINDS: Readonly<Record<string, ResourceKind>> = {
  'AWS::S3::Bucket': {
    nameAt: ['BucketName'],
    attributes: {
      Arn: (at) => `arn:aws:s3:::${at.name}`,
      DomainName: (at) => `${at.name}.s3.amazonaws.com`,
      RegionalDomainName: (at) => `${at.name}.s3.${at.region}.amazonaws.com`,
      DualStackDomainName: (at) => `${at.name}.s3.dualstack.${at.region}.amazonaws.com`,
    },
    runs: true,
  },
  'AWS::DynamoDB::Table': {
    nameAt: ['TableName'],
    attributes: { Arn: arn('dynamodb', (at) => `table/${at.name}`) },
    runs: true,
  },
  'AWS::SQS::Queue': {
    nameAt: ['QueueName'],
    ref: queueUrl,
    attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: queueUrl },
    runs: true,
  },
  'AWS::Lambda::Function': {
    nameAt: ['FunctionName'],
    attributes: { Arn: arn('lambda', (at) => `function:${at.name}`) },
    runs: true,
  },
  'AWS::Lambda::EventSourceMapping': {
    ref: uuid,
    attributes: { Id: uuid, EventSourceMappingArn: arn('lambda', (at) => `event-source-mapping:${uuid(at)}`) },
    runs: true,
  },
  'AWS::Events::Rule': {
    nameAt: ['Name'],
    attributes: { Arn: arn('events', (at) => `rule/${at.name}`) },
    runs: true,
  },
  'AWS::StepFunctions::StateMachine': {
    nameAt: ['StateMachineName'],
    ref: arn('states', (at) => `stateMachine:${at.name}`),
    attributes: { Arn: arn('states', (at) => `stateMachine:${at.name}`), Name: name },
    runs: true,
  },
  'AWS::Glue::Database': { nameAt: ['DatabaseInput', 'Name'], attributes: {}, runs: true },
  'AWS::Glue::Table': { nameAt: ['TableInput', 'Name'], attributes: {}, runs: true },
  'AWS::Athena::WorkGroup': { nameAt: ['Name'], attributes: {}, runs: true },
  'AWS::ApiGatewayV2::Api': {
    ref: id(10),
    attributes: { ApiId: id(10), ApiEndpoint: (at) => at.urls.httpApi },
    runs: true,
  },
  'AWS::ApiGatewayV2::Stage': { nameAt: ['StageName'], attributes: {}, runs: true },
  'AWS::ApiGatewayV2::Route': { ref: id(7), attributes: { RouteId: id(7) }, runs: true },
  'AWS::ApiGatewayV2::Integration': { ref: id(7), attributes: { IntegrationId: id(7) }, runs: true },
  'AWS::ApiGatewayV2::Authorizer': { ref: id(6), attributes: { AuthorizerId: id(6) }, runs: true },
  'AWS::Cognito::UserPool': {
    ref: userPoolId,
    attributes: {
      Arn: arn('cognito-idp', (at) => `userpool/${userPoolId(at)}`),
      UserPoolId: userPoolId,
      ProviderName: userPoolHost,
      ProviderURL: (at) => `https://${userPoolHost(at)}`,
    },
    runs: true,
  },
  'AWS::Cognito::UserPoolClient': { ref: id(26), attributes: { ClientId: id(26), Name: name }, runs: true },
  'AWS::Cognito::UserPoolDomain': inert({ nameAt: ['Domain'] }),
  'AWS::Cognito::UserPoolGroup': inert({ nameAt: ['GroupName'] }),
  'AWS::Cognito::UserPoolResourceServer': inert({ nameAt: ['Identifier'] }),
  'AWS::IAM::Role': inert({ nameAt: ['RoleName'], attributes: { Arn: iamArn('role/'), RoleId: id(21) } }),
  'AWS::IAM::Policy': inert({ nameAt: ['PolicyName'] }),
  'AWS::IAM::ManagedPolicy': inert({ nameAt: ['ManagedPolicyName'], ref: iamArn('policy/') }),
  'AWS::KMS::Key': inert({ ref: uuid, attributes: { KeyId: uuid, Arn: arn('kms', (at) => `key/${uuid(at)}`) } }),
  'AWS::KMS::Alias': inert({ nameAt: ['AliasName'] }),
  'AWS::Logs::LogGroup': inert({
    nameAt: ['LogGroupName'],
    attributes: { Arn: arn('logs', (at) => `log-group:${at.name}:*`) },
  }),
  'AWS::Logs::MetricFilter': inert(),
  'AWS::Logs::ResourcePolicy': inert(),
  'AWS::CloudWatch::Alarm': inert({
    nameAt: ['AlarmName'],
    attributes: { Arn: arn('cloudwatch', (at) => `alarm:${at.name}`) },
  }),
  'AWS::CloudWatch::CompositeAlarm': inert({
    nameAt: ['AlarmName'],
    attributes: { Arn: arn('cloudwatch', (at) => `alarm:${at.name}`) },
  }),
  'AWS::CloudWatch::Dashboard': inert({ nameAt: ['DashboardName'] }),
  'AWS::SNS::Topic': inert({
    nameAt: ['TopicName'],
    ref: arn('sns', name),
    attributes: { TopicArn: arn('sns', name), TopicName: name },
  }),
  'AWS::SNS::TopicPolicy': inert(),
  'AWS::SNS::Subscription': inert(),
  'AWS::S3::BucketPolicy': inert(),
  'AWS::SQS::QueuePolicy': inert(),
  'AWS::Lambda::Permission': inert(),
  'AWS::CDK::Metadata': inert(),
};
