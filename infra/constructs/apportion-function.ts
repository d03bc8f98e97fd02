import { Aws, Duration, Fn, RemovalPolicy, Size, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ENV, type EnvName } from '../../lib/names/environment.ts';
import { FUNCTIONS, type FunctionName } from '../../lib/names/functions.ts';
import type { StackParameters } from '../stack-parameters.ts';
import { acknowledgeWildcards, type Grant, grant } from './grant.ts';

/** Where the zips are, and how large a worker is: the same for every function of the stack. */
export interface FunctionSetting {
  readonly codeBucket: IBucket;
  readonly parameters: StackParameters;
}

/** Reads the setting off the parameters. Code comes from a bucket of the region, as Lambda demands. */
export function functionSetting(scope: Construct, parameters: StackParameters): FunctionSetting {
  const name = Fn.sub('${CodeBucketPrefix}-${AWS::Region}', {
    CodeBucketPrefix: parameters.codeBucketPrefix.valueAsString,
  });
  const codeBucket = Bucket.fromBucketName(scope, 'CodeBucket', name);
  Validations.of(codeBucket).acknowledge({
    id: '@aws-cdk/aws-lambda:codeFromBucketObjectVersionNotSpecified',
    reason: 'Each release has a CodePrefix of its own: another prefix is other code.',
  });
  return { codeBucket, parameters };
}

/** `/tmp` of a worker: a shard with its result, and what DuckDB spills. Lambda's largest (10 GiB). */
const WORKER_DISK = Size.gibibytes(10);
const STEP_MEMORY_MEGABYTES = 1024;

/**
 * One Lambda function with a role of its own that may do nothing but write its own log and trace. What else it may do
 * comes together with the environment variable that tells it where, from the construct that owns the thing.
 */
export class ApportionFunction extends Construct {
  readonly name: FunctionName;
  readonly role: Role;
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, name: FunctionName, setting: FunctionSetting, timeoutSeconds: number) {
    super(scope, pascalCase(name));
    this.name = name;
    const { parameters } = setting;
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.SIX_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.allow({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] });
    const worker = FUNCTIONS[name].duckdb;
    this.lambda = new LambdaFunction(this, 'Function', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.custom(parameters.architecture.valueAsString),
      code: Code.fromBucketV2(setting.codeBucket, `${parameters.codePrefix.valueAsString}${name}.zip`),
      handler: 'index.handler',
      role: this.role,
      logGroup,
      timeout: Duration.seconds(timeoutSeconds),
      memorySize: worker ? parameters.workerMemoryMegabytes.valueAsNumber : STEP_MEMORY_MEGABYTES,
      ...(worker ? { ephemeralStorageSize: WORKER_DISK } : {}),
      tracing: Tracing.ACTIVE,
      description: `Apportion ${name}`,
    });
    this.setEnvironment({
      [ENV.serviceName]: Aws.STACK_NAME,
      ...(worker ? { [ENV.workerMemoryMegabytes]: parameters.workerMemoryMegabytes.valueAsString } : {}),
    });
    this.#acknowledge();
  }

  /** Adds a statement to the function's own role. */
  allow(statement: Grant): void {
    grant(this.role, statement);
  }

  /** Tells the function a name or place. */
  setEnvironment(values: Readonly<Partial<Record<EnvName, string>>>): void {
    for (const [name, value] of Object.entries(values)) this.lambda.addEnvironment(name, value);
  }

  #acknowledge(): void {
    acknowledgeWildcards(this.role, ['*'], 'X-Ray’s Put actions know no resource (Service Authorization Reference).');
    Validations.of(this.lambda).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'Called by a queue, whose DLQ keeps the message, or by one that waits for the answer; only close-run and ' +
        'sweep-lake are called asynchronously too, and they have a dead-letter queue.',
    });
  }
}

/** `read-manifest` → `ReadManifest`. */
function pascalCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
