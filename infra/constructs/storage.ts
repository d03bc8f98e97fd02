import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import type { StackParameters } from '../stack-parameters.ts';
import { accessLogBucket } from './access-log-bucket.ts';
import { BillDatabase } from './bill-database.ts';
import { LakeBucket } from './lake-bucket.ts';
import { LandingBucket } from './landing-bucket.ts';
import { RecordTable } from './record-table.ts';
import { uploadRole } from './upload-role.ts';
import { WorkGroup } from './work-group.ts';

/** Everything that keeps data, and what Athena needs to read it. All of it outlives the stack. */
export class Storage extends Construct {
  readonly landing: LandingBucket;
  readonly lake: LakeBucket;
  readonly registry: RecordTable;
  readonly runs: RecordTable;
  readonly audit: RecordTable;
  readonly database: BillDatabase;
  /** Queries of the pipeline, over all customers' rows. */
  readonly pipelineQueries: WorkGroup;
  /** Queries that the API asks as one customer. */
  readonly customerQueries: WorkGroup;
  readonly uploadRoleArn: string;

  constructor(scope: Construct, id: string, parameters: StackParameters) {
    super(scope, id);
    const accessLogs = accessLogBucket(this);
    this.landing = new LandingBucket(this, 'Landing', parameters, accessLogs);
    this.lake = new LakeBucket(this, 'Lake', accessLogs);
    this.uploadRoleArn = uploadRole(this, parameters, this.landing).roleArn;

    const never = { itemsExpire: false, listed: false };
    this.registry = new RecordTable(this, 'Registry', { envName: ENV.registryTable, ...never });
    this.runs = new RecordTable(this, 'Runs', { envName: ENV.runsTable, itemsExpire: true, listed: true });
    this.audit = new RecordTable(this, 'Audit', { envName: ENV.auditTable, ...never });

    this.database = new BillDatabase(this, 'Bills', this.lake);
    const asked = { lake: this.lake, database: this.database };
    this.pipelineQueries = new WorkGroup(this, 'PipelineQueries', {
      name: Aws.STACK_NAME,
      resultPrefix: LAKE.athenaResults,
      ...asked,
    });
    this.customerQueries = new WorkGroup(this, 'CustomerQueries', {
      name: `${Aws.STACK_NAME}-customers`,
      resultPrefix: LAKE.customerAthenaResults,
      ...asked,
    });
  }
}
