import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AthenaClient } from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSqs } from '../../../../infra/local/sqs/sqs.ts';
import type { StandIn } from '../../../../infra/local/stand-in.ts';
import { athenaQueries } from '../../../../infra/local/step-functions/integrations/athena.ts';
import { dynamodbItems } from '../../../../infra/local/step-functions/integrations/dynamodb.ts';
import {
  eventsPutEvents,
  type PutEventsEntry,
} from '../../../../infra/local/step-functions/integrations/events-put-events.ts';
import { sqsSendMessage } from '../../../../infra/local/step-functions/integrations/sqs-send-message.ts';
import { elsewhere, OURS_ONLY, openTestbed, type Testbed, until } from './step-functions.testbed.ts';

interface Call {
  readonly action: string;
  readonly request: Readonly<Record<string, unknown>>;
}
type Answer = object | { readonly status: number; readonly body: object };

/** A service of JSON calls that answers as the test says and remembers what it was asked. */
async function scriptedService() {
  const calls: Call[] = [];
  let script: (call: Call) => Answer = () => ({});
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
    const call = { action, request: JSON.parse(await text(request)) };
    calls.push(call);
    const answer = script(call);
    const { status, body } = 'status' in answer && 'body' in answer ? answer : { status: 200, body: answer };
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: (next: typeof script) => {
      calls.length = 0;
      script = next;
    },
    close: () => server.close(),
  };
}

const handler = { Type: 'Pass', End: true };

// https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
describe.skipIf(elsewhere)(`the integrations${OURS_ONLY && ` (${OURS_ONLY}the services they call)`}`, () => {
  let bed: Testbed;
  let sqs: StandIn;
  let queue: SQSClient;
  let service: Awaited<ReturnType<typeof scriptedService>>;
  let entries: PutEventsEntry[] = [];
  let failedEntries = 0;
  beforeAll(async () => {
    service = await scriptedService();
    sqs = await startSqs();
    const config = { region: 'eu-central-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' }, maxAttempts: 1 };
    queue = new SQSClient({ ...config, endpoint: sqs.endpoint });
    bed = await openTestbed({
      ...athenaQueries(new AthenaClient({ ...config, endpoint: service.endpoint })),
      ...dynamodbItems(new DynamoDBClient({ ...config, endpoint: service.endpoint })),
      'arn:aws:states:::sqs:sendMessage': sqsSendMessage(queue),
      'arn:aws:states:::events:putEvents': eventsPutEvents(async (given) => {
        entries = [...given];
        return { FailedEntryCount: failedEntries, Entries: given.map(() => ({ EventId: 'e' })) };
      }),
    });
  });
  afterAll(async () => {
    await bed.close();
    queue.destroy();
    await sqs.close();
    service.close();
  });
  beforeEach(() => {
    failedEntries = 0;
  });

  const task = (resource: string, args: object, more: Readonly<Record<string, unknown>> = {}) => ({
    Type: 'Task',
    Resource: `arn:aws:states:::${resource}`,
    Arguments: args,
    End: true,
    ...more,
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
  describe('athena:startQueryExecution.sync', () => {
    const query = (more = {}) => ({
      A: task(
        'athena:startQueryExecution.sync',
        { QueryString: 'SELECT 1', WorkGroup: 'w', ClientRequestToken: 'x'.repeat(32) },
        more,
      ),
      ...('Catch' in more ? { H: handler } : {}),
    });
    const withStates = (...states: string[]) => {
      let looked = 0;
      service.answer(({ action }) => {
        if (action === 'StartQueryExecution') return { QueryExecutionId: 'q1' };
        const State = states[Math.min(looked, states.length - 1)];
        looked += 1;
        return {
          QueryExecution: {
            QueryExecutionId: 'q1',
            Query: 'SELECT 1',
            Status: { State, StateChangeReason: 'why', SubmissionDateTime: 1.5 },
          },
        };
      });
    };

    test('starts the query, looks until it has succeeded and answers { QueryExecution }, with dates in milliseconds', async () => {
      withStates('QUEUED', 'RUNNING', 'SUCCEEDED');
      const arn = await bed.start(await bed.create(query()));
      expect((await bed.endedWhilePassing(arn)).output).toEqual({
        QueryExecution: {
          QueryExecutionId: 'q1',
          Query: 'SELECT 1',
          Status: { State: 'SUCCEEDED', StateChangeReason: 'why', SubmissionDateTime: 1500 },
        },
      });
      expect(service.calls.map(({ action }) => action)).toEqual([
        'StartQueryExecution',
        'GetQueryExecution',
        'GetQueryExecution',
        'GetQueryExecution',
      ]);
      expect(service.calls[0]?.request).toEqual({
        QueryString: 'SELECT 1',
        WorkGroup: 'w',
        ClientRequestToken: 'x'.repeat(32),
      });
      const submitted = (await bed.history(arn)).find(
        ({ type }) => type === 'TaskSubmitted',
      )?.taskSubmittedEventDetails;
      expect(JSON.parse(submitted?.output ?? '')).toMatchObject({ QueryExecutionId: 'q1' });
    });

    test.each(['FAILED', 'CANCELLED'])(
      'fails with States.TaskFailed and the query as cause when it is %s',
      async (state) => {
        withStates(state);
        const Catch = [
          {
            ErrorEquals: ['States.TaskFailed'],
            Next: 'H',
            Output: '{% $parse($states.errorOutput.Cause).QueryExecution.Status.State %}',
          },
        ];
        const arn = await bed.start(await bed.create(query({ Catch })));
        await bed.passSeconds(1);
        expect((await bed.ended(arn)).output).toBe(state);
      },
    );

    test('that Athena refuses fails with Athena and the exception’s name', async () => {
      service.answer(() => ({ status: 400, body: { __type: 'InvalidRequestException', message: 'no such table' } }));
      expect(await bed.run(query())).toMatchObject({
        error: 'Athena.InvalidRequestException',
        cause: expect.stringContaining('no such table'),
      });
    });

    test('stops its query when the execution is stopped or the task runs out of time', async () => {
      for (const more of [{}, { TimeoutSeconds: 2 }]) {
        withStates('RUNNING');
        const arn = await bed.start(await bed.create(query(more)));
        await until(async () => service.calls.find(({ action }) => action === 'GetQueryExecution'), 'the first look');
        if ('TimeoutSeconds' in more) await bed.passSeconds(2.1);
        else await bed.client.send(new StopExecutionCommand({ executionArn: arn }));
        const stop = await until(
          async () => service.calls.find(({ action }) => action === 'StopQueryExecution'),
          'the stop',
        );
        expect(stop.request).toEqual({ QueryExecutionId: 'q1' });
        expect((await bed.ended(arn)).error).toBe('TimeoutSeconds' in more ? 'States.Timeout' : undefined);
      }
    });

    test('can tell its attempts apart by RetryCount and RedriveCount', async () => {
      const token =
        '{% $hash($join([$states.context.Execution.Id, $string($states.context.State.RetryCount), $string($states.context.Execution.RedriveCount)], " "), "SHA-256") %}';
      const args = { QueryString: 'SELECT 1', ClientRequestToken: token };
      const Retry = [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 1, MaxAttempts: 1 }];
      withStates('FAILED');
      const executionArn = await bed.start(
        await bed.create({ A: task('athena:startQueryExecution.sync', args, { Retry }) }),
      );
      expect((await bed.endedWhilePassing(executionArn)).status).toBe('FAILED');
      const before = service.calls.filter(({ action }) => action === 'StartQueryExecution');
      withStates('SUCCEEDED');
      await bed.client.send(new RedriveExecutionCommand({ executionArn }));
      expect((await bed.endedWhilePassing(executionArn)).status).toBe('SUCCEEDED');
      const after = service.calls.filter(({ action }) => action === 'StartQueryExecution');
      expect(new Set([...before, ...after].map(({ request }) => request.ClientRequestToken)).size).toBe(3);
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html
  test('athena:getQueryResults answers the rows', async () => {
    service.answer(() => ({ ResultSet: { Rows: [{ Data: [{ VarCharValue: '7' }] }] } }));
    const Output = '{% $states.result.ResultSet.Rows[0].Data[0].VarCharValue %}';
    expect((await bed.run({ A: task('athena:getQueryResults', { QueryExecutionId: 'q1' }, { Output }) })).output).toBe(
      '7',
    );
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-ddb.html
  test('dynamodb:putItem hands its arguments on, and a failed condition is found by name', async () => {
    const Catch = [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], Next: 'H', Output: 'there already' }];
    const put = {
      A: task('dynamodb:putItem', { TableName: 't', Item: { pk: { S: '{% "k" & $states.input.n %}' } } }, { Catch }),
      H: handler,
    };
    service.answer(() => ({}));
    expect((await bed.run(put, { n: 1 })).output).toMatchObject({ SdkHttpMetadata: { HttpStatusCode: 200 } });
    expect(service.calls).toEqual([{ action: 'PutItem', request: { TableName: 't', Item: { pk: { S: 'k1' } } } }]);
    service.answer(() => ({
      status: 400,
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
      },
    }));
    expect((await bed.run(put, { n: 1 })).output).toBe('there already');
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
  test('sqs:sendMessage.waitForTaskToken sends an object as JSON with the token in it', async () => {
    const { QueueUrl = '' } = await queue.send(new CreateQueueCommand({ QueueName: 'work' }));
    const MessageBody = { token: '{% $states.context.Task.Token %}', shard: '{% $states.input.shard %}' };
    const arn = await bed.start(
      await bed.create({ A: task('sqs:sendMessage.waitForTaskToken', { QueueUrl, MessageBody }) }),
      { shard: 3 },
    );
    const body = await until(async () => {
      const { Messages = [] } = await queue.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return Messages[0]?.Body;
    }, 'the message');
    const { token, shard } = JSON.parse(body);
    expect(shard).toBe(3);
    await bed.succeed(token, 'priced');
    expect((await bed.ended(arn)).output).toBe('priced');
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
  test('a token answered before the send itself has returned counts, once', async () => {
    const { promise: sent, resolve: letGo } = Promise.withResolvers<string>();
    service.answer(() => ({}));
    const early = await openTestbed({
      'arn:aws:states:::sqs:sendMessage': async (_, { taskToken = '' }) => {
        letGo(taskToken);
        await until(async () => service.calls[0], 'the test to go on');
        return {};
      },
    });
    const arn = await early.start(await early.create({ A: early.askTask() }));
    const token = await sent;
    await early.succeed(token, 'early');
    await expect(early.succeed(token, 'twice')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await fetch(service.endpoint, { method: 'POST', headers: { 'x-amz-target': 'go.On' }, body: '{}' });
    expect((await early.ended(arn)).output).toBe('early');
    await early.close();
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html
  test('sqs:sendMessage to a queue that is not there is SQS.QueueDoesNotExistException', async () => {
    const args = { QueueUrl: `${sqs.endpoint}/000000000000/nowhere`, MessageBody: 'x' };
    expect(await bed.run({ A: task('sqs:sendMessage', args) })).toMatchObject({
      error: 'SQS.QueueDoesNotExistException',
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
  test('events:putEvents sends Detail as JSON and adds the execution and its state machine to Resources', async () => {
    const Entries = [
      { Source: 'apportion', DetailType: 'BillPublished', Detail: { runId: '{% $states.input.runId %}' } },
    ];
    const stateMachineArn = await bed.create({ A: task('events:putEvents', { Entries }) });
    const arn = await bed.start(stateMachineArn, { runId: 'r' });
    expect((await bed.ended(arn)).output).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    expect(entries).toEqual([
      { Source: 'apportion', DetailType: 'BillPublished', Detail: '{"runId":"r"}', Resources: [arn, stateMachineArn] },
    ]);
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
  test('events:putEvents with an entry that failed is EventBridge.FailedEntry', async () => {
    failedEntries = 1;
    const Entries = [{ Source: 'apportion', DetailType: 'BillPublished', Detail: {} }];
    expect(await bed.run({ A: task('events:putEvents', { Entries }) })).toMatchObject({
      error: 'EventBridge.FailedEntry',
    });
  });
});
