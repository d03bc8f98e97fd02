import { BootstraplessSynthesizer, CfnOutput, type IStackSynthesizer, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OUTPUTS } from '../lib/names/outputs.ts';
import { Api } from './constructs/api.ts';
import { functionSetting } from './constructs/apportion-function.ts';
import { Identity } from './constructs/identity.ts';
import { Operations } from './constructs/operations.ts';
import { Pipeline } from './constructs/pipeline.ts';
import { Storage } from './constructs/storage.ts';
import { StackParameters } from './stack-parameters.ts';

/**
 * One deployment for one partner. The template has no assets and asks for no bootstrap: it is deployed by
 * `aws cloudformation` alone, and run on one machine by `infra/local`.
 */
export class ApportionStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      // The class says `| undefined` where its interface does not: CDK is not built with exactOptionalPropertyTypes.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
      description: 'Apportion: splits the cloud bills a partner resells per customer, prices and reconciles them.',
    });
    const parameters = new StackParameters(this);
    const setting = functionSetting(this, parameters);
    const storage = new Storage(this, 'Storage', parameters);
    const identity = new Identity(this, 'Identity', parameters);
    const pipeline = new Pipeline(this, 'Pipeline', { setting, storage });
    const { intake: intakeQueue, additions: additionsQueue, lists: listsQueue } = pipeline;
    const api = new Api(this, 'Api', { setting, storage, identity, intakeQueue, additionsQueue, listsQueue });
    new Operations(this, 'Operations', { parameters, pipeline, api });
    this.#tell(storage, pipeline, api, identity, parameters);
  }

  #tell(storage: Storage, pipeline: Pipeline, api: Api, identity: Identity, parameters: StackParameters): void {
    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    output(OUTPUTS.landingBucketName, storage.landing.bucket.bucketName);
    output(OUTPUTS.lakeBucketName, storage.lake.bucket.bucketName);
    output(OUTPUTS.registryTableName, storage.registry.table.tableName);
    output(OUTPUTS.runsTableName, storage.runs.table.tableName);
    output(OUTPUTS.auditTableName, storage.audit.table.tableName);
    output(OUTPUTS.databaseName, storage.database.name);
    output(OUTPUTS.workGroupName, storage.pipelineQueries.name);
    output(OUTPUTS.receiveBillArn, pipeline.receiveBill.machine.machine.stateMachineArn);
    output(OUTPUTS.splitBillArn, pipeline.splitBill.machine.machine.stateMachineArn);
    output(OUTPUTS.intakeQueueUrl, pipeline.intake.queue.queueUrl);
    output(OUTPUTS.intakeDeadLetterQueueUrl, pipeline.intake.deadLetters.queueUrl);
    output(OUTPUTS.convertQueueUrl, pipeline.convert.queue.queueUrl);
    output(OUTPUTS.convertDeadLetterQueueUrl, pipeline.convert.deadLetters.queueUrl);
    output(OUTPUTS.priceQueueUrl, pipeline.price.queue.queueUrl);
    output(OUTPUTS.priceDeadLetterQueueUrl, pipeline.price.deadLetters.queueUrl);
    output(OUTPUTS.additionsQueueUrl, pipeline.additions.queue.queueUrl);
    output(OUTPUTS.additionsDeadLetterQueueUrl, pipeline.additions.deadLetters.queueUrl);
    output(OUTPUTS.listsQueueUrl, pipeline.lists.queue.queueUrl);
    output(OUTPUTS.listsDeadLetterQueueUrl, pipeline.lists.deadLetters.queueUrl);
    output(OUTPUTS.previewsQueueUrl, api.previews.queue.queueUrl);
    output(OUTPUTS.previewsDeadLetterQueueUrl, api.previews.deadLetters.queueUrl);
    output(OUTPUTS.undeliveredQueueUrl, pipeline.undelivered.queueUrl);
    output(OUTPUTS.apiUrl, api.url);
    output(OUTPUTS.userPoolId, identity.userPoolId).condition = parameters.userPoolNeeded;
    output(OUTPUTS.userPoolClientId, identity.userPoolClientId).condition = parameters.userPoolNeeded;
    output(OUTPUTS.uploadRoleArn, storage.uploadRoleArn).condition = parameters.uploaderNamed;
  }
}
