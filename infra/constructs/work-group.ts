import { Aws } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import { ENV, type EnvName } from '../../lib/names/environment.ts';
import type { ApportionFunction } from './apportion-function.ts';
import type { BillDatabase } from './bill-database.ts';
import type { LakeBucket } from './lake-bucket.ts';

/** Where a work group's queries leave their answers. */
export interface WorkGroupProps {
  readonly name: string;
  /** Prefix in the lake; the group enforces it, whatever a caller asks for. */
  readonly resultPrefix: string;
  readonly lake: LakeBucket;
  readonly database: BillDatabase;
}

/** An Athena work group with a place of its own for answers. */
export class WorkGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly #database: BillDatabase;

  constructor(scope: Construct, id: string, { name, resultPrefix, lake, database }: WorkGroupProps) {
    super(scope, id);
    this.name = name;
    this.#database = database;
    this.arn = `arn:${Aws.PARTITION}:athena:${Aws.REGION}:${Aws.ACCOUNT_ID}:workgroup/${name}`;
    new CfnWorkGroup(this, 'Group', {
      name,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${lake.bucket.bucketName}/${resultPrefix}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
  }

  /** Tells `fn` where to ask, without letting it: it asks under a role that it assumes. */
  tell(fn: ApportionFunction, name: EnvName = ENV.workGroupName): void {
    fn.setEnvironment({ [name]: this.name, [ENV.databaseName]: this.#database.name });
  }

  /** Lets `reader` fetch the answers of queries that others started. */
  grantReadAnswers(reader: ApportionFunction): void {
    reader.allow({ actions: ['athena:GetQueryResults'], resources: [this.arn] });
    this.tell(reader);
  }

  /** Lets `asker` run statements without an answer; which tables and objects they may touch is granted apart. */
  grantAsk(asker: ApportionFunction): void {
    const actions = ['athena:StartQueryExecution', 'athena:StopQueryExecution', 'athena:GetQueryExecution'];
    asker.allow({ actions, resources: [this.arn] });
    this.tell(asker);
  }
}
