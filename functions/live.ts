import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { athenaQueryEngine } from '../lib/adapters/athena/athena-query-engine.ts';
import { s3ObjectStore } from '../lib/adapters/s3/s3-object-store.ts';
import { s3ObjectSweep } from '../lib/adapters/s3/s3-object-sweep.ts';
import {
  sqsOperatorAsks,
  sqsPreviewAsks,
  sqsPriceAdditionsAsks,
  sqsSplitBillAsks,
} from '../lib/adapters/sqs/sqs-asks.ts';
import { sqsReturn } from '../lib/adapters/sqs/sqs-return.ts';
import { stepFunctionsExecutions } from '../lib/adapters/step-functions/step-functions-executions.ts';
import { stepFunctionsTaskTokens } from '../lib/adapters/step-functions/step-functions-task-tokens.ts';
import { ENV } from '../lib/names/environment.ts';
import { requireVariable } from './require-variable.ts';

/*
 * What the functions are bound to, as each one's own role reaches it. Every export is a function, and every client is
 * marked as pure, so that a bundle holds what its entry names and asks for no variable but its own.
 */
const s3 = /* @__PURE__ */ new S3Client({});
const sqs = /* @__PURE__ */ new SQSClient({});
const athena = /* @__PURE__ */ new AthenaClient({});
const stepFunctions = /* @__PURE__ */ new SFNClient({});
const dynamodb = /* @__PURE__ */ DynamoDBDocumentClient.from(/* @__PURE__ */ new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

/** Where bills land. */
export const landing = () => s3ObjectStore(s3, requireVariable(ENV.landingBucket));

/** Where everything is that we make of them. */
export const lake = () => s3ObjectStore(s3, requireVariable(ENV.lakeBucket));

/** The lake again, for who sweeps it. */
export const lakeSweep = () => s3ObjectSweep(s3, requireVariable(ENV.lakeBucket));

/** Customers, rules, integrations, sub accounts, users, settings. */
export const registryTable = () => ({ client: dynamodb, tableName: requireVariable(ENV.registryTable) });

/** Deliveries, runs, periods. */
export const runsTable = () => ({ client: dynamodb, tableName: requireVariable(ENV.runsTable) });

/** Starts and looks at executions of both state machines. */
export const executions = () =>
  stepFunctionsExecutions(stepFunctions, {
    'receive-bill': requireVariable(ENV.receiveBillArn),
    'split-bill': requireVariable(ENV.splitBillArn),
  });

/** Answers to tasks that wait for their token. */
export const taskTokens = () => stepFunctionsTaskTokens(stepFunctions);

/** Asks for SplitBill. */
export const splitBillAsks = () => sqsSplitBillAsks(sqs, requireVariable(ENV.intakeQueueUrl));

/** Asks for PriceAdditions. */
export const priceAdditionsAsks = () => sqsPriceAdditionsAsks(sqs, requireVariable(ENV.additionsQueueUrl));

/** What operators ask for through the API. */
export const operatorAsks = () =>
  sqsOperatorAsks(sqs, {
    intakeQueueUrl: requireVariable(ENV.intakeQueueUrl),
    listsQueueUrl: requireVariable(ENV.listsQueueUrl),
  });

/** Asks for a preview as a job. */
export const previewAsks = () => sqsPreviewAsks(sqs, requireVariable(ENV.previewsQueueUrl));

/** Who did what: appended to, never read here. */
export const auditTable = () => ({ client: dynamodb, tableName: requireVariable(ENV.auditTable) });

/** The pipeline's own queries. */
export const queryEngine = () =>
  athenaQueryEngine(athena, {
    workGroup: requireVariable(ENV.workGroupName),
    database: requireVariable(ENV.databaseName),
  });

/** How long a lease lives without a renewal. */
export const leaseSeconds = () => Number(requireVariable(ENV.leaseSeconds));

/** Gives messages back to the queues they came from. */
export const returnMessage = () => sqsReturn(sqs);
