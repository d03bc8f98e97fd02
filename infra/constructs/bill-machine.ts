import { Aws, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import type { ApportionFunction } from './apportion-function.ts';
import { acknowledgeWildcards, type Grant, grant } from './grant.ts';
import type { Definition } from './state-machines/asl.ts';
import type { WorkQueue } from './work-queue.ts';

/** The two machines. */
export type MachineName = 'ReceiveBill' | 'SplitBill';

/** A machine's ARN by name alone: a function that the machine calls cannot wait for the machine to be made. */
export function machineArn(name: MachineName): string {
  return `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:${physicalName(name)}`;
}

/** ARNs of all executions of a machine. */
function executionsArn(name: MachineName): string {
  return `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:${physicalName(name)}:*`;
}

/** Lets `worker` answer the tokens of a machine's tasks. */
export function grantAnswer(worker: ApportionFunction, name: MachineName, answers: readonly string[]): void {
  worker.allow({ actions: answers.map((answer) => `states:SendTask${answer}`), resources: [machineArn(name)] });
}

/** Lets `asker` see whether a run's execution has ended, and tells it which machines there are. */
export function grantDescribe(asker: ApportionFunction): void {
  asker.allow({
    actions: ['states:DescribeExecution'],
    resources: [executionsArn('SplitBill')],
    wildcardReason: 'Executions are named for runs; the machine is the narrowest bound there is.',
  });
  asker.setEnvironment({
    [ENV.receiveBillArn]: machineArn('ReceiveBill'),
    [ENV.splitBillArn]: machineArn('SplitBill'),
  });
}

/** A Standard state machine whose role may do nothing but what is granted here, one by one. */
export class BillMachine extends Construct {
  readonly machine: StateMachine;
  readonly role: Role;

  constructor(scope: Construct, name: MachineName, definition: Definition<string>) {
    super(scope, name);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const destination = new LogGroup(this, 'Log', {
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: physicalName(name),
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role: this.role,
      logs: { destination, level: LogLevel.ERROR, includeExecutionData: false },
      tracingEnabled: true,
    });
    Validations.of(this.machine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'The execution’s own history has every event for 90 days; the log is for errors, without a bill’s data.',
    });
    acknowledgeWildcards(
      this.role,
      ['*'],
      'Log delivery and X-Ray know no resource (Service Authorization Reference).',
    );
  }

  /** Adds a statement to the machine's role. */
  allow(statement: Grant): void {
    grant(this.role, statement);
  }

  /** Lets the machine call these functions. */
  grantInvoke(functions: readonly ApportionFunction[]): void {
    this.allow({ actions: ['lambda:InvokeFunction'], resources: functions.map((fn) => fn.lambda.functionArn) });
  }

  /** Lets the machine put tasks into a queue. */
  grantSend(queue: WorkQueue): void {
    this.allow({ actions: ['sqs:SendMessage'], resources: [queue.queue.queueArn] });
  }
}

function physicalName(name: MachineName): string {
  return `${Aws.STACK_NAME}-${name}`;
}
