import { buildApp } from 'fauxqs';
import { z } from 'zod';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import { type AuthorizeCall, anybody } from '../iam/authorize-call.ts';
import { signedBy } from '../iam/signed-by.ts';
import { readRequest } from '../read-request.ts';
import { type StandIn, serve } from '../stand-in.ts';
import { accountTranslation } from './account-translation.ts';
import { codeAstralCharacters } from './astral-characters.ts';
import { queryErrorHeader } from './query-error.ts';

export interface SqsOptions {
  readonly port?: number;
  readonly region?: string;
  readonly accountId?: string;
  /** Asked before each call; everybody may when it is absent. */
  readonly authorize?: AuthorizeCall;
}

/** SQS in memory: queues and messages end with the process. */
export interface SqsStandIn extends StandIn {
  /**
   * How many messages each queue holds, visible, delayed or in flight, without the empty ones. These are lost at
   * `close`, so whoever closes can say so.
   */
  messagesHeld(): Promise<ReadonlyMap<string, number>>;
  /** What CloudWatch has of each queue, by its name; also of the empty ones. */
  depths(): Promise<ReadonlyMap<string, QueueDepth>>;
}

/** How many messages can be received, how many are in flight, and when the oldest of them all was sent. */
export interface QueueDepth {
  readonly visible: number;
  readonly notVisible: number;
  readonly oldestSentAt: number | undefined;
}

const SentMessage = z.object({ sentTimestamp: z.number() });
const Inspected = z.object({
  messages: z.object({
    ready: z.array(SentMessage),
    delayed: z.array(SentMessage),
    inflight: z.array(z.object({ message: SentMessage })),
  }),
});

const SQS_TARGET = /^AmazonSQS\.\w+$/;
const QueueList = z.object({ QueueUrls: z.array(z.string()).optional() });
const QueueCounts = z.object({ Attributes: z.record(z.string(), z.string()) });
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];

interface SqsAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, number | string | string[] | undefined>>;
  readonly body: string;
}

function refusalOf(error: unknown): { readonly status: number; readonly type: string } {
  if (error instanceof AccessDenied) return { status: 403, type: 'com.amazon.coral.service#AccessDeniedException' };
  if (error instanceof UnknownCaller)
    return { status: 403, type: 'com.amazon.coral.service#UnrecognizedClientException' };
  return { status: 400, type: 'com.amazonaws.sqs#UnsupportedOperation' };
}

/** Queues by fauxqs, reached through our own server: its own would listen on every interface and speak S3 and SNS too. */
export async function startSqs(options: SqsOptions = {}): Promise<SqsStandIn> {
  const { region = 'eu-central-1', accountId = '111122223333', authorize = anybody } = options;
  const app = buildApp({ logger: false, defaultRegion: region });
  const translate = accountTranslation(accountId);

  async function call(target: string, body: string, headers: Record<string, string>): Promise<SqsAnswer> {
    const coded = codeAstralCharacters(target, body);
    const answer = await app.inject({
      method: 'POST',
      url: '/',
      headers: { ...headers, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
      payload: translate.request(target, coded.body),
    });
    return {
      statusCode: answer.statusCode,
      headers: answer.headers,
      body: coded.decode(translate.answer(target, answer.body, headers.host ?? '')),
    };
  }

  async function ask<Answer>(operation: string, body: object, schema: z.ZodType<Answer>): Promise<Answer> {
    return schema.parse(JSON.parse((await call(`AmazonSQS.${operation}`, JSON.stringify(body), {})).body));
  }

  const queueUrls = async () => (await ask('ListQueues', {}, QueueList)).QueueUrls ?? [];

  const standIn = await serve(async (request, response) => {
    const target = request.headers['x-amz-target']?.toString() ?? '';
    try {
      if (!SQS_TARGET.test(target)) throw new Error(`Not an operation of SQS: ${target}`);
      const { host = '', authorization = '' } = request.headers;
      const body = await readRequest(request);
      authorize(signedBy(request.headers), target.slice('AmazonSQS.'.length), JSON.parse(body || '{}'));
      const answer = await call(target, body, { host, authorization });
      const error = answer.headers['x-amzn-query-error'];
      if (error !== undefined) response.setHeader('x-amzn-query-error', queryErrorHeader(String(error)));
      response.writeHead(answer.statusCode, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const { status, type } = refusalOf(error);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: type, message }));
    }
  }, options.port);

  return {
    endpoint: standIn.endpoint,
    async close() {
      await standIn.close();
      // A deleted queue wakes those who wait for its messages; left waiting, they would keep the process for 20 s.
      for (const QueueUrl of await queueUrls()) await ask('DeleteQueue', { QueueUrl }, z.unknown());
      await app.close();
    },
    async depths() {
      const depths = new Map<string, QueueDepth>();
      for (const queueUrl of await queueUrls()) {
        const name = queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
        const answer = await app.inject({ method: 'GET', url: `/_fauxqs/queues/${name}` });
        const { ready, delayed, inflight } = Inspected.parse(JSON.parse(answer.body)).messages;
        const sent = [...ready, ...delayed, ...inflight.map(({ message }) => message)].map((one) => one.sentTimestamp);
        const oldestSentAt = sent.length === 0 ? undefined : Math.min(...sent);
        depths.set(name, { visible: ready.length, notVisible: inflight.length, oldestSentAt });
      }
      return depths;
    },
    async messagesHeld() {
      const held = new Map<string, number>();
      for (const QueueUrl of await queueUrls()) {
        const { Attributes } = await ask('GetQueueAttributes', { QueueUrl, AttributeNames: COUNTS }, QueueCounts);
        const count = COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
        if (count > 0) held.set(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1), count);
      }
      return held;
    },
  };
}
