import { CfnCondition, CfnParameter, type CfnParameterProps, CfnRule, Fn, type Stack } from 'aws-cdk-lib';
import { PARAMETERS } from '../lib/names/parameters.ts';

/**
 * Everything that differs from partner to partner, asked for when the stack is made. Each has a default, so that
 * `create-stack` needs only the code's bucket to be told apart.
 */
export class StackParameters {
  readonly codeBucketPrefix: CfnParameter;
  readonly codePrefix: CfnParameter;
  readonly architecture: CfnParameter;
  readonly workerMemoryMegabytes: CfnParameter;
  readonly maximumConcurrency: CfnParameter;
  readonly payerAccountIds: CfnParameter;
  readonly replicationRoleArn: CfnParameter;
  readonly uploaderPrincipalArn: CfnParameter;
  readonly jwtIssuer: CfnParameter;
  readonly jwtClientId: CfnParameter;
  readonly firstPartnerSubject: CfnParameter;
  readonly manifestGraceSeconds: CfnParameter;
  readonly alarmTopicArn: CfnParameter;
  /** Whether an optional parameter was given; whether the stack must make what was not. */
  readonly payersNamed: CfnCondition;
  readonly replicationRoleNamed: CfnCondition;
  readonly uploaderNamed: CfnCondition;
  readonly userPoolNeeded: CfnCondition;
  readonly alarmTopicNamed: CfnCondition;

  constructor(stack: Stack) {
    const parameter = (name: keyof typeof PARAMETERS) =>
      new CfnParameter(stack, PARAMETERS[name], { type: 'String', ...DECLARATIONS[name] });
    this.codeBucketPrefix = parameter('codeBucketPrefix');
    this.codePrefix = parameter('codePrefix');
    this.architecture = parameter('architecture');
    this.workerMemoryMegabytes = parameter('workerMemoryMegabytes');
    this.maximumConcurrency = parameter('maximumConcurrency');
    this.payerAccountIds = parameter('payerAccountIds');
    this.replicationRoleArn = parameter('replicationRoleArn');
    this.uploaderPrincipalArn = parameter('uploaderPrincipalArn');
    this.jwtIssuer = parameter('jwtIssuer');
    this.jwtClientId = parameter('jwtClientId');
    this.firstPartnerSubject = parameter('firstPartnerSubject');
    this.manifestGraceSeconds = parameter('manifestGraceSeconds');
    this.alarmTopicArn = parameter('alarmTopicArn');

    const given = (id: string, value: string) =>
      new CfnCondition(stack, id, { expression: Fn.conditionNot(Fn.conditionEquals(value, '')) });
    this.payersNamed = given('PayersNamed', Fn.join('', this.payerAccountIds.valueAsList));
    this.replicationRoleNamed = given('ReplicationRoleNamed', this.replicationRoleArn.valueAsString);
    this.uploaderNamed = given('UploaderNamed', this.uploaderPrincipalArn.valueAsString);
    this.alarmTopicNamed = given('AlarmTopicNamed', this.alarmTopicArn.valueAsString);
    this.userPoolNeeded = new CfnCondition(stack, 'UserPoolNeeded', {
      expression: Fn.conditionEquals(this.jwtIssuer.valueAsString, ''),
    });
    new CfnRule(stack, 'IssuerNeedsItsClient', {
      ruleCondition: Fn.conditionNot(Fn.conditionEquals(this.jwtIssuer.valueAsString, '')),
      assertions: [
        {
          assert: Fn.conditionNot(Fn.conditionEquals(this.jwtClientId.valueAsString, '')),
          assertDescription: 'JwtIssuer needs JwtClientId: without it, tokens for any client would be let in.',
        },
      ],
    });
  }
}

const ROLE_OR_USER = '(arn:aws[a-z-]*:iam::\\d{12}:(root|(role|user)/\\S+))?';

const DECLARATIONS: Readonly<Record<keyof typeof PARAMETERS, CfnParameterProps>> = {
  codeBucketPrefix: {
    default: 'apportion-code',
    allowedPattern: '[a-z0-9][a-z0-9.-]{1,44}',
    description: 'The functions’ code is read from the bucket <CodeBucketPrefix>-<region>.',
  },
  codePrefix: {
    default: 'functions/',
    allowedPattern: '(\\S+/)?',
    description: 'Folder of the code in that bucket, with a slash at the end; one folder per release.',
  },
  architecture: {
    default: 'arm64',
    allowedValues: ['arm64', 'x86_64'],
    description: 'Processor of the functions. The code in CodePrefix must have been bundled for it.',
  },
  workerMemoryMegabytes: {
    type: 'Number',
    default: 3008,
    minValue: 1024,
    maxValue: 10_240,
    description: 'Memory of a DuckDB worker in MB. New accounts allow 3008 at most.',
  },
  maximumConcurrency: {
    type: 'Number',
    default: 10,
    minValue: 2,
    maxValue: 40,
    description: 'How many workers of one kind work at once.',
  },
  payerAccountIds: {
    type: 'CommaDelimitedList',
    default: '',
    allowedPattern: '(\\d{12})?',
    description: 'Accounts whose AWS Data Exports may deliver bills; empty: this account only.',
  },
  replicationRoleArn: {
    default: '',
    allowedPattern: '(arn:aws[a-z-]*:iam::\\d{12}:role/\\S+)?',
    description: 'S3 replication role of another account that copies bills into the landing bucket; empty: none.',
  },
  uploaderPrincipalArn: {
    default: '',
    allowedPattern: ROLE_OR_USER,
    description: 'Who may assume the upload role with a session tag "integration"; empty: there is no such role.',
  },
  jwtIssuer: {
    default: '',
    allowedPattern: '(https://\\S+)?',
    description: 'OIDC issuer whose access tokens the API accepts; empty: a Cognito user pool is made.',
  },
  jwtClientId: {
    default: '',
    allowedPattern: '\\S*',
    description: 'Client id (or audience) that tokens of JwtIssuer carry.',
  },
  firstPartnerSubject: {
    default: '',
    allowedPattern: '\\S*',
    description: '"sub" of the first partner user, who makes all others through the API.',
  },
  manifestGraceSeconds: {
    type: 'Number',
    default: 900,
    minValue: 1,
    maxValue: 86_400,
    description: 'How long a manifest may name files that are not there yet.',
  },
  alarmTopicArn: {
    default: '',
    allowedPattern: '(arn:aws[a-z-]*:sns:\\S+)?',
    description: 'SNS topic that alarms are sent to; empty: alarms only show in CloudWatch.',
  },
};
