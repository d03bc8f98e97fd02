import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AttributeValue, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DuckDBInstance } from '@duckdb/node-api';
import { OWNER_CREDENTIALS } from '../../infra/local/machine/sdk-environment.ts';
import { getAdditions } from '../../lib/contracts/additions/get-additions.ts';
import { listAssignments } from '../../lib/contracts/assignments/list-assignments.ts';
import { replaceAssignment } from '../../lib/contracts/assignments/replace-assignment.ts';
import { getCosts } from '../../lib/contracts/costs/get-costs.ts';
import { releaseDelivery } from '../../lib/contracts/deliveries/release-delivery.ts';
import { listIntegrations } from '../../lib/contracts/integrations/list-integrations.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { rollbackPeriod } from '../../lib/contracts/periods/rollback-period.ts';
import { unpinPeriod } from '../../lib/contracts/periods/unpin-period.ts';
import { explainRow } from '../../lib/contracts/rows/explain-row.ts';
import { createRule } from '../../lib/contracts/rules/create-rule.ts';
import { deleteRule } from '../../lib/contracts/rules/delete-rule.ts';
import { getPreview } from '../../lib/contracts/rules/get-preview.ts';
import { getRule } from '../../lib/contracts/rules/get-rule.ts';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import { previewRule } from '../../lib/contracts/rules/preview-rule.ts';
import { getRun } from '../../lib/contracts/runs/get-run.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { listSubAccounts } from '../../lib/contracts/sub-accounts/list-sub-accounts.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { csvOf } from '../journeys/csv.ts';
import { deliverAnyhow, until } from '../journeys/deliver-anyhow.ts';
import type { Product } from '../journeys/open-product.ts';
import { publishedRowsOf } from '../journeys/published-rows-of.ts';
import { OWNED, SMALL_BILL } from '../journeys/small-partner.ts';

const PERIOD = '2025-03';
const RULES = [
  {
    name: 'Uplift',
    type: 'rerate',
    base: 'billed_cost',
    offsetPercent: '10',
    startDate: '2025-01-01',
    customers: 'all',
  },
  {
    name: 'Care',
    type: 'charge',
    amount: '300',
    serviceName: 'Managed care',
    startDate: '2025-03-01',
    customers: ['Contoso'],
  },
];

/** The administrator's clients of a machine. */
export function clientsOf({ machine }: Product) {
  const at = (endpoint: string) => ({ endpoint, region: machine.region, credentials: OWNER_CREDENTIALS });
  const { DYNAMODB, S3, SFN, SQS } = machine.endpoints;
  return {
    dynamoDb: new DynamoDBClient(at(DYNAMODB)),
    s3: new S3Client({ ...at(S3), forcePathStyle: true }),
    sfn: new SFNClient(at(SFN)),
    sqs: new SQSClient(at(SQS)),
  };
}

const outputOf = ({ machine }: Product, name: string) => String(machine.outputs[name]);

/** Two customers with a bill that is priced and published, and additions. */
export async function publishFirstBill(product: Product): Promise<ReadonlyMap<string, CustomerId>> {
  await product.connect('acme');
  const customers = Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] }));
  const ids = await product.configure({ partner: { name: 'Partner', currency: 'USD' }, customers, rules: RULES });
  await product.receive('acme', 'bill.csv', csvOf(SMALL_BILL));
  await product.published();
  return ids;
}

/** A bill in Parquet behind a manifest of AWS Data Exports: Athena and the steps read it where it landed. */
export async function publishParquet(product: Product): Promise<void> {
  await product.connect('exports', 'data_exports');
  const parquet = join(product.folder, 'focus-00001.parquet');
  const csv = join(product.folder, 'focus.csv');
  await writeFile(csv, csvOf(SMALL_BILL));
  const duckdb = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await duckdb.connect();
  await connection.run(`COPY (SELECT * FROM read_csv('${csv}', all_varchar = true)) TO '${parquet}' (FORMAT parquet)`);
  duckdb.closeSync();
  const execution = '2025-04-02T06:30:00.000Z-3f1c0ffe-0000-4000-8000-000000000001';
  const folder = 'exports/x/focus';
  const data = `${folder}/data/BILLING_PERIOD=${PERIOD}/${execution}/focus-00001.parquet`;
  const manifest = join(product.folder, 'focus-Manifest.json');
  const bucket = outputOf(product, OUTPUTS.landingBucketName);
  const text = { executionId: execution, dataFiles: [`s3://${bucket}/${data}`], columns: [] };
  await writeFile(manifest, JSON.stringify(text));
  const manifestKey = `${folder}/metadata/BILLING_PERIOD=${PERIOD}/${execution}/focus-Manifest.json`;
  await product.receiveFiles('exports', [
    { key: data, path: parquet },
    { key: manifestKey, path: manifest },
  ]);
  await product.published();
  // A manifest whose file never comes.
  const missing = { ...text, dataFiles: [`s3://${bucket}/${data.replace('00001', '00002')}`] };
  await deliverAnyhow(product, 'exports', [{ key: manifestKey.replace('x/', 'y/'), text: JSON.stringify(missing) }]);
}

/** Every kind of thing that the partner asks the API for. */
export async function useTheApi(product: Product, ids: ReadonlyMap<string, CustomerId>): Promise<void> {
  const { api } = product;
  const [contoso, fabrikam] = [ids.get('Contoso'), ids.get('Fabrikam')];
  if (contoso === undefined || fabrikam === undefined) throw new Error('a customer was not made');
  for (const customerId of [contoso, fabrikam])
    await api.call(getCosts, { query: { period: PERIOD, customerId, groupBy: 'service' } });
  const [row] = await publishedRowsOf(product.machine, { table: 'costs', owner: contoso });
  await api.call(explainRow, { params: { rowId: String(row?.x_RowId) } });
  await api.call(listIntegrations);
  await api.call(listSubAccounts);
  await api.call(listAssignments);
  await api.call(getAdditions, { params: { period: PERIOD } });
  const runs = (await api.call(listRuns)).body.items;
  await api.call(getRun, { params: { runId: runs[0]?.id ?? '' } });
  await preview(product);
  // The last sub account of one customer goes to the other: its lists go away, and so do the charges' without the rule.
  const rules = (await api.call(listRules)).body.items;
  const care = rules.find(({ rule }) => rule.name === 'Care');
  const { etag } = await api.call(getRule, { params: { ruleId: care?.id ?? '' } });
  await api.call(deleteRule, { params: { ruleId: ruleIdOf(care) }, ifMatch: etag ?? '' });
  const { items } = (await api.call(listAssignments)).body;
  const last = items.find(({ subAccountId }) => subAccountId === OWNED.Fabrikam[0]);
  await api.call(replaceAssignment, {
    query: { subAccountId: last?.subAccountId ?? '', ...(last?.provider ? { provider: last.provider } : {}) } as never,
    body: { owners: [{ owner: contoso, from: null, to: null }] } as never,
    ifMatch: `"${last?.version}"`,
  });
  await product.published();
  await preview(product);
}

const ruleIdOf = (rule: { readonly id: string } | undefined) => (rule?.id ?? '') as never;

async function preview({ api }: Product): Promise<void> {
  const common = { name: 'More', startDate: '2025-01-01', customers: 'all' };
  const rules = [
    { ...common, type: 'rerate', base: 'billed_cost', offsetPercent: '5' },
    { ...common, type: 'charge', amount: '5', serviceName: 'More' },
  ];
  for (const rule of rules) await api.call(previewRule, { body: { rule, period: PERIOD } as never });
  const job = { rule: rules[0], period: PERIOD, background: true };
  const { body } = await api.call(previewRule, { body: job as never });
  await until('the preview is made', async () => {
    if (body.status !== 'running') throw new Error('the preview was no job');
    const { status } = (await api.call(getPreview, { params: { previewId: body.id } })).body;
    return status === 'done' ? true : undefined;
  });
}

/** One more rule, and none: the second edit comes while the run of the first is at work. */
export async function editDuringRun(product: Product, isFollowed: () => boolean): Promise<void> {
  const { api } = product;
  for (let tries = 0; tries < EDITS_MOST && !isFollowed(); tries += 1) {
    const { body, etag } = await api.call(createRule, { body: { ...RULES[0], name: `Edit ${tries}` } as never });
    await until('a run is at work', async () =>
      (await api.call(listRuns)).body.items.some(({ status }) => status === 'Running') ? true : undefined,
    );
    await api.call(deleteRule, { params: { ruleId: body.id }, ifMatch: etag ?? '' });
    await product.published();
  }
}

const EDITS_MOST = 10;

const PERIOD_KEY = `PERIOD#acme#${PERIOD}`;
const publishedRunIds = async ({ api }: Product) =>
  (await api.call(listRuns, { query: { integrationId: 'acme' as never } })).body.items
    .filter(({ status }) => status === 'Published')
    .map(({ id }) => id);
const pointerOf = async ({ api }: Product) =>
  (await api.call(listPeriods)).body.items.find(({ integrationId }) => integrationId === 'acme')?.published?.runId;

/** Goes back to the first run, whose customers were two, and forward again, to one: lists come and go. */
export async function rollBackAndForth(product: Product): Promise<void> {
  const { api } = product;
  const ids = await publishedRunIds(product);
  const params = { integrationId: 'acme', period: PERIOD } as never;
  const current = await pointerOf(product);
  for (const runId of [ids.at(-1), current]) {
    if (runId === undefined) throw new Error('there is no run to go back to');
    await api.call(rollbackPeriod, { params, body: { runId } });
    await listsWritten(product);
  }
  await api.call(unpinPeriod, { params });
  await product.published();
}

/** The asks of a rollback are done: nothing waits in the lists queue. */
async function listsWritten(product: Product): Promise<void> {
  const queue = outputOf(product, OUTPUTS.listsQueueUrl).replace(/^.*\//, '');
  await until('the lists are written', async () =>
    (await product.machine.sqs.messagesHeld()).get(queue) === undefined ? true : undefined,
  );
}

/** Changes an item of the runs table, as nobody but an administrator can. */
async function set(
  product: Product,
  pk: string,
  UpdateExpression: string,
  ExpressionAttributeValues: Record<string, AttributeValue>,
  ExpressionAttributeNames: Record<string, string>,
): Promise<void> {
  const TableName = outputOf(product, OUTPUTS.runsTableName);
  const Key = { pk: { S: pk }, sk: { S: 'STATE' } };
  const request = { TableName, Key, UpdateExpression, ExpressionAttributeValues, ExpressionAttributeNames };
  await clientsOf(product).dynamoDb.send(new UpdateItemCommand(request));
}

/** A broken bill, received again; and a second bill of a month that has one, released. */
export async function refuseAndRelease(product: Product): Promise<void> {
  const { api } = product;
  const broken = await deliverAnyhow(product, 'acme', [
    { key: 'acme/broken.csv', text: csvOf([{ ...SMALL_BILL[0], BilledCost: '1,5' } as never]) },
  ]);
  await api.call(releaseDelivery, { params: { deliveryId: broken.id } });
  const second = await deliverAnyhow(product, 'acme', [{ key: 'acme/second.csv', text: csvOf(SMALL_BILL) }]);
  await set(
    product,
    `DELIVERY#${second.id}`,
    'SET #status = :held',
    { ':held': { S: 'Held' } },
    { '#status': 'status' },
  );
  await api.call(releaseDelivery, { params: { deliveryId: second.id } });
  await product.published();
}

/** Every queue gets a message that nobody can read, and each worker’s an old one, whose task has long been answered. */
export async function sendStrangeMessages(product: Product): Promise<void> {
  const { sqs } = clientsOf(product);
  const send = (name: string, body: unknown) =>
    sqs.send(new SendMessageCommand({ QueueUrl: outputOf(product, name), MessageBody: JSON.stringify(body) }));
  const queues = [
    OUTPUTS.intakeQueueUrl,
    OUTPUTS.convertQueueUrl,
    OUTPUTS.priceQueueUrl,
    OUTPUTS.additionsQueueUrl,
    OUTPUTS.listsQueueUrl,
    OUTPUTS.convertDeadLetterQueueUrl,
    OUTPUTS.priceDeadLetterQueueUrl,
  ];
  await Promise.all(queues.map((name) => send(name, { strange: true })));
  const convert = await oldTask(product, OUTPUTS.receiveBillArn);
  const price = await oldTask(product, OUTPUTS.splitBillArn);
  await send(OUTPUTS.convertDeadLetterQueueUrl, convert);
  await send(OUTPUTS.priceDeadLetterQueueUrl, price);
  await send(OUTPUTS.priceQueueUrl, price);
}

/** The message of a task of the last execution that had one. */
async function oldTask(product: Product, machine: string): Promise<unknown> {
  const { sfn } = clientsOf(product);
  const stateMachineArn = outputOf(product, machine);
  const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
  for (const { executionArn } of executions) {
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    for (const { taskScheduledEventDetails: scheduled } of events)
      if (scheduled?.resource?.endsWith('waitForTaskToken'))
        return (JSON.parse(scheduled.parameters ?? '') as { readonly MessageBody: unknown }).MessageBody;
  }
  throw new Error(`${stateMachineArn} has had no task with a token`);
}

/** What a crash leaves: a publication without its end, a lease whose execution is gone, an execution without a record. */
export async function mendWhatCrashed(product: Product, gone: CustomerId): Promise<void> {
  const { machine } = product;
  const { s3, sfn } = clientsOf(product);
  const runId = (await pointerOf(product)) ?? '';
  const sweep = () => machine.eventBridge.fireSchedule(machine.resource('AWS::Events::Rule', 'PipelineSweep').name);
  const Bucket = outputOf(product, OUTPUTS.lakeBucketName);
  // Published, and the run still Running: lists of a customer that is gone stand, one of another is missing.
  await set(
    product,
    `RUN#${runId}`,
    'SET #status = :running',
    { ':running': { S: 'Running' } },
    { '#status': 'status' },
  );
  const lists = machine.s3.objects
    .list(Bucket, 'published/')
    .concat(machine.s3.objects.list(Bucket, 'partner/published/'));
  const own = lists.filter(({ key }) => key.endsWith('/acme.txt'));
  const owner = /customer=([^/]+)/;
  for (const { key } of own.filter(({ key }) => !key.includes('unassigned'))) {
    await s3.send(new PutObjectCommand({ Bucket, Key: key.replace(owner, `customer=${gone}`), Body: '' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
  }
  await preview(product);
  await sweep();
  await until('the publication is finished', async () =>
    (await product.api.call(getRun, { params: { runId: runId as never } })).body.status === 'Published'
      ? true
      : undefined,
  );
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: outputOf(product, OUTPUTS.splitBillArn), statusFilter: 'SUCCEEDED' }),
  );
  const lease = {
    M: {
      runId: { S: runId },
      executionArn: { S: executions[0]?.executionArn ?? '' },
      fence: { N: '1' },
      expiresAt: { S: '2025-01-01T00:00:00.000Z' },
    },
  };
  const loseLease = () =>
    set(
      product,
      PERIOD_KEY,
      'SET #lease = :lease, #published.#revision = :zero',
      { ':lease': lease, ':zero': { N: '0' } },
      {
        '#lease': 'lease',
        '#published': 'published',
        '#revision': 'configRevision',
      },
    );
  await loseLease();
  await sweep();
  await product.published();
  await loseLease();
  const name = runId.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (digit) => (digit === '0' ? '1' : '0'));
  await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(product, OUTPUTS.splitBillArn),
      name,
      input: JSON.stringify({ runId: name, integrationId: 'acme', period: PERIOD }),
    }),
  );
  await product.published();
  // An execution by hand that says nothing sensible: its own Catch closes it.
  await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: outputOf(product, OUTPUTS.splitBillArn),
      name: `${name}-2`,
      input: JSON.stringify({ runId, integrationId: '', period: PERIOD }),
    }),
  );
  // Lambda calls it without waiting, and gives the call up.
  machine.lambda.invokeEvent(machine.resource('AWS::Lambda::Function', 'PipelineCloseRun').name, '{"strange":true}');
}
