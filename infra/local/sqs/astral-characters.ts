import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Private-use characters that nobody sends; should one be sent, it is written like the astral ones. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const TO_WRITE = /[\u{10000}-\u{10FFFF}\uE000]/gu;
const WRITTEN = /\uE000([0-9a-f]+)\uE001/g;

const written = (text: string): string =>
  text.replace(TO_WRITE, (character) => `${OPEN}${character.codePointAt(0)?.toString(16)}${CLOSE}`);
const readBack = (text: string): string =>
  text.replace(WRITTEN, (_all, hexadecimal: string) => String.fromCodePoint(Number.parseInt(hexadecimal, 16)));
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const Sent = z.looseObject({ MessageBody: z.string(), Id: z.string().optional() });
const SentBatch = z.looseObject({ Entries: z.array(Sent) });
const Accepted = z.looseObject({ MD5OfMessageBody: z.string(), Id: z.string().optional() });
const AcceptedBatch = z.looseObject({ Successful: z.array(Accepted) });
const Received = z.looseObject({ Messages: z.array(z.looseObject({ Body: z.string() })).optional() });

interface Coded {
  readonly body: string;
  /** Puts the answer to the coded request right. */
  readonly decode: (answer: string) => string;
}

const asIs = (body: string): Coded => ({ body, decode: (answer) => answer });

function codeSent(body: string, parse: (request: unknown) => readonly z.infer<typeof Sent>[]): Coded {
  const request: unknown = JSON.parse(body);
  const originals = new Map(parse(request).map(({ Id, MessageBody }) => [Id, MessageBody]));
  const right = (accepted: z.infer<typeof Accepted>) => ({
    ...accepted,
    MD5OfMessageBody: md5(originals.get(accepted.Id) ?? ''),
  });
  const coded = JSON.stringify(request, (name, value) =>
    name === 'MessageBody' && typeof value === 'string' ? written(value) : value,
  );
  return {
    body: coded,
    decode(answer) {
      const parsed: unknown = JSON.parse(answer);
      const single = Accepted.safeParse(parsed);
      if (single.success) return JSON.stringify(right(single.data));
      const batch = AcceptedBatch.safeParse(parsed);
      return batch.success ? JSON.stringify({ ...batch.data, Successful: batch.data.Successful.map(right) }) : answer;
    },
  };
}

function decodeReceived(answer: string): string {
  if (!answer.includes(OPEN)) return answer;
  const { Messages = [], ...rest } = Received.parse(JSON.parse(answer));
  const right = Messages.map((message) => {
    const Body = readBack(message.Body);
    return { ...message, Body, MD5OfBody: md5(Body) };
  });
  return JSON.stringify({ ...rest, Messages: right });
}

/**
 * fauxqs refuses what lies above U+FFFF, an emoji in a key for one, which SQS takes: here such characters go in and
 * out in another spelling, with the MD5 of the right one.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (MessageBody)
 */
export function codeAstralCharacters(target: string, body: string): Coded {
  if (target === 'AmazonSQS.ReceiveMessage') return { body, decode: decodeReceived };
  if (!/[\uD800-\uDFFF\uE000]/.test(body)) return asIs(body);
  if (target === 'AmazonSQS.SendMessage') return codeSent(body, (request) => [Sent.parse(request)]);
  if (target === 'AmazonSQS.SendMessageBatch') return codeSent(body, (request) => SentBatch.parse(request).Entries);
  return asIs(body);
}
