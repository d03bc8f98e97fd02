import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOf } from '../lambda/bundle-of.ts';

/**
 * The product's shape in small, written by hand as CloudFormation: bucket → rule → queue → function → state machine
 * (function, then DynamoDB, then a task token through a second queue) and an API. Tests change it and see the run change.
 */
export function smallTemplate() {
  const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
  const fn = (zip: string, variables: object, timeout = 5) => ({
    Type: 'AWS::Lambda::Function',
    DependsOn: ['Role'],
    Properties: {
      Code: {
        S3Bucket: { 'Fn::Sub': '${CodeBucketPrefix}-${AWS::Region}' },
        S3Key: { 'Fn::Join': ['', [{ Ref: 'CodePrefix' }, `${zip}.zip`]] },
      },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: role,
      Timeout: timeout,
      MemorySize: 256,
      Environment: { Variables: variables },
    },
  });
  const queue = (dlq: string, maxReceiveCount: number, VisibilityTimeout: number) => ({
    Type: 'AWS::SQS::Queue',
    Properties: {
      VisibilityTimeout,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [dlq, 'Arn'] }, maxReceiveCount },
    },
  });
  const mapping = (source: string, consumer: string) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      BatchSize: 1,
      EventSourceArn: { 'Fn::GetAtt': [source, 'Arn'] },
      FunctionName: { Ref: consumer },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    },
  });
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'Read',
    States: {
      Read: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { FunctionName: '${Read}', Payload: '{% $states.input %}' },
        Assign: { size: '{% $states.result.Payload.size %}' },
        Output: '{% $states.input %}',
        Next: 'Work',
        // The first two keep Work and Skipped reachable whatever Next says: a definition with a stray state is refused.
        Catch: [
          { ErrorEquals: ['NeverThrown'], Next: 'Work' },
          { ErrorEquals: ['NeverThrownEither'], Next: 'Skipped' },
          { ErrorEquals: ['States.ALL'], Next: 'Failed', Output: '{% $states.errorOutput %}' },
        ],
      },
      Work: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        TimeoutSeconds: 20,
        Arguments: {
          QueueUrl: '${WorkUrl}',
          MessageBody: { token: '{% $states.context.Task.Token %}', size: '{% $size %}' },
        },
        Output: '{% $merge([$states.input, {"doubled": $states.result.doubled}]) %}',
        Next: 'Keep',
      },
      Keep: {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:putItem',
        Arguments: {
          TableName: '${Table}',
          Item: { pk: { S: '{% $states.input.key %}' }, doubled: { N: '{% $string($states.input.doubled) %}' } },
        },
        Output: '{% $states.input %}',
        Next: 'Announce',
      },
      Announce: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: { Entries: [{ Source: 'small', DetailType: 'Done', Detail: '{% {"key": $states.input.key} %}' }] },
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
      Skipped: { Type: 'Succeed' },
      Failed: { Type: 'Fail', Error: 'ReadFailed', Cause: '{% $string($states.input) %}' },
    },
  };
  return {
    Parameters: {
      CodeBucketPrefix: { Type: 'String', Default: 'code' },
      CodePrefix: { Type: 'String', Default: 'v1/' },
      JwtIssuer: { Type: 'String' },
      JwtClientId: { Type: 'String' },
    },
    Resources: {
      Role: { Type: 'AWS::IAM::Role', Properties: roleProperties() },
      ...policies(),
      Landing: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
        },
      },
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
          TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        },
      },
      IntakeDlq: { Type: 'AWS::SQS::Queue', Properties: {} },
      Intake: queue('IntakeDlq', 3, 1),
      WorkDlq: { Type: 'AWS::SQS::Queue', Properties: {} },
      Work: queue('WorkDlq', 3, 1),
      Announced: { Type: 'AWS::SQS::Queue', Properties: {} },
      Landed: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: {
            source: ['aws.s3'],
            'detail-type': ['Object Created'],
            detail: { bucket: { name: [{ Ref: 'Landing' }] }, object: { key: [{ suffix: '.csv' }] } },
          },
          State: 'ENABLED',
          Targets: [{ Id: 'Intake', Arn: { 'Fn::GetAtt': ['Intake', 'Arn'] } }],
        },
      },
      Done: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventPattern: { source: ['small'] },
          Targets: [{ Id: 'Announced', Arn: { 'Fn::GetAtt': ['Announced', 'Arn'] }, InputPath: '$.detail' }],
        },
      },
      Sweep: {
        Type: 'AWS::Events::Rule',
        Properties: {
          ScheduleExpression: 'rate(15 minutes)',
          Targets: [{ Id: 'Start', Arn: { 'Fn::GetAtt': ['Start', 'Arn'] } }],
        },
      },
      Start: fn('start', { MACHINE: { Ref: 'Machine' } }),
      Read: fn('read', { LANDING: { Ref: 'Landing' } }),
      Worker: fn('worker', {}),
      Api: fn('api', { TABLE: { Ref: 'Table' } }),
      IntakeMapping: mapping('Intake', 'Start'),
      WorkMapping: mapping('Work', 'Worker'),
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: role,
          DefinitionString: JSON.stringify(definition),
          DefinitionSubstitutions: {
            Read: { 'Fn::GetAtt': ['Read', 'Arn'] },
            WorkUrl: { Ref: 'Work' },
            Table: { Ref: 'Table' },
          },
        },
      },
      HttpApi: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'small', ProtocolType: 'HTTP' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'HttpApi' }, StageName: '$default', AutoDeploy: true },
      },
      ApiIntegration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'HttpApi' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: { 'Fn::GetAtt': ['Api', 'Arn'] },
          PayloadFormatVersion: '2.0',
        },
      },
      Jwt: {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: {
          ApiId: { Ref: 'HttpApi' },
          AuthorizerType: 'JWT',
          IdentitySource: ['$request.header.Authorization'],
          JwtConfiguration: { Audience: [{ Ref: 'JwtClientId' }], Issuer: { Ref: 'JwtIssuer' } },
          Name: 'Jwt',
        },
      },
      ItemRoute: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'HttpApi' },
          AuthorizationType: 'JWT',
          AuthorizerId: { Ref: 'Jwt' },
          RouteKey: 'GET /items/{key}',
          Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'ApiIntegration' }]] },
        },
      },
    },
    Outputs: {
      LandingName: { Value: { Ref: 'Landing' } },
      ApiUrl: { Value: { 'Fn::GetAtt': ['HttpApi', 'ApiEndpoint'] } },
    },
  };
}

/** One role for everything: what the functions, the state machine and the pollers need, and no more. */
function roleProperties() {
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const allow = (actions: readonly string[], resources: readonly unknown[]) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  });
  const names = (prefix: string, actions: readonly string[]) => actions.map((action) => `${prefix}:${action}`);
  const statements = [
    allow(['states:StartExecution', 'states:SendTaskSuccess'], [anyMachine]),
    allow(['s3:GetObject'], [{ 'Fn::Join': ['', [arnOf('Landing'), '/*']] }]),
    allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [arnOf('Table')]),
    allow(['lambda:InvokeFunction'], [{ 'Fn::Sub': 'arn:aws:lambda:*:*:function:*' }]),
    allow(['events:PutEvents'], [{ 'Fn::Sub': 'arn:aws:events:*:*:event-bus/default' }]),
    allow(names('sqs', ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']), [arnOf('Intake'), arnOf('Work')]),
    allow(['sqs:SendMessage'], [arnOf('Work')]),
  ];
  return {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] },
          Action: 'sts:AssumeRole',
        },
      ],
    },
    Policies: [{ PolicyName: 'All', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  };
}

/** By name alone: the state machine waits for its role. */
const anyMachine = { 'Fn::Sub': 'arn:aws:states:*:*:stateMachine:*' };

/** What lets EventBridge and API Gateway in. */
function policies() {
  const queuePolicy = (id: string) => ({
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: { 'Fn::GetAtt': [id, 'Arn'] },
          },
        ],
      },
    },
  });
  const permission = (FunctionName: string, Principal: string) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: FunctionName }, Principal },
  });
  return {
    IntakePolicy: queuePolicy('Intake'),
    AnnouncedPolicy: queuePolicy('Announced'),
    SweepPermission: permission('Start', 'events.amazonaws.com'),
    ApiPermission: permission('Api', 'apigateway.amazonaws.com'),
  };
}

const BUNDLES = {
  start: `
    import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
    const sfn = new SFNClient({});
    export const handler = async ({ Records = [] , ...event }) => {
      if (event.source === 'aws.events') return console.log('swept');
      for (const { body } of Records) {
        const { key } = JSON.parse(body).detail.object;
        console.log('landed', key);
        if (key.includes('poison')) throw new Error('poison');
        await sfn.send(new StartExecutionCommand({ stateMachineArn: process.env.MACHINE, name: key.replace(/\\W/g, '-'), input: JSON.stringify({ key }) }));
      }
    };`,
  read: `
    import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
    const s3 = new S3Client({});
    export const handler = async ({ key }) => {
      if (!process.env.LANDING) throw Object.assign(new Error('LANDING is not set'), { name: 'ConfigurationError' });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: process.env.LANDING, Key: key }));
      return { size: (await Body.transformToString()).length };
    };`,
  worker: `
    import { SFNClient, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
    const sfn = new SFNClient({});
    export const handler = async ({ Records }) => {
      const { token, size } = JSON.parse(Records[0].body);
      await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ doubled: size * 2 }) }));
    };`,
  api: `
    import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
    const db = new DynamoDBClient({});
    export const handler = async ({ pathParameters, requestContext }) => {
      const { Item } = await db.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: pathParameters.key } } }));
      return { doubled: Item?.doubled?.N ?? null, sub: requestContext.authorizer.jwt.claims.sub };
    };`,
};

/** Writes the bundles into `dist/` of a folder inside the project, from where they find the SDK. */
export function writeBundles(folder: string): string {
  const dist = join(folder, 'dist');
  for (const [name, source] of Object.entries(BUNDLES)) bundleOf(dist, name, source);
  return dist;
}

/** Writes a template, changed or not, and returns its file. */
export function writeTemplate(folder: string, template: object): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'small.template.json');
  writeFileSync(file, JSON.stringify(template));
  return file;
}
