import type { AthenaStandIn } from './athena/athena.ts';
import type { CloudWatchStandIn } from './cloudwatch/cloudwatch.ts';
import type { DynamoDbStandIn } from './dynamodb/dynamodb.ts';
import type { EventBridgeStandIn } from './event-bridge/event-bridge.ts';
import type { TokenMaker } from './issuer/tokens.ts';
import type { LambdaStandIn } from './lambda/lambda.ts';
import type { MachineRights } from './machine/machine-rights.ts';
import type { Endpoints } from './machine/sdk-environment.ts';
import type { S3StandIn } from './s3/s3.ts';
import type { SqsStandIn } from './sqs/sqs.ts';
import type { StepFunctionsStandIn } from './step-functions/step-functions.ts';
import type { Stack, StackResource } from './template/resolve-stack.ts';

/** The template, running. */
export interface Machine {
  readonly apiUrl: string;
  readonly region: string;
  /** Makes tokens that the API accepts. */
  readonly issuer: TokenMaker;
  readonly endpoints: Endpoints;
  readonly stack: Stack;
  readonly outputs: Stack['outputs'];
  /** By logical id. */
  readonly resources: Stack['resources'];
  readonly s3: S3StandIn;
  readonly dynamoDb: DynamoDbStandIn;
  readonly sqs: SqsStandIn;
  readonly stepFunctions: StepFunctionsStandIn;
  readonly athena: AthenaStandIn;
  readonly cloudWatch: CloudWatchStandIn;
  readonly lambda: LambdaStandIn;
  readonly eventBridge: EventBridgeStandIn;
  /** Who may do what; other policies can be put in place of the template's while the machine runs. */
  readonly rights: MachineRights;
  /** The one resource of a type with this logical id, or whose id begins so. @throws Error where it is none or several */
  resource(type: string, logicalIdStart: string): StackResource;
  /** Variables with which the unmodified SDK reaches the machine as its owner. */
  environment(): Record<string, string>;
  /** Ends everything within a second or so, whatever is under way; calling it again waits for the same end. */
  close(): Promise<void>;
}
