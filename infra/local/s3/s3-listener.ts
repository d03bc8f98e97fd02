import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import { writeXml } from '../write-xml.ts';
import { signatureOf } from './access-key.ts';
import { routeOf } from './route.ts';
import type { AuthorizeS3, S3AccessRequest } from './s3-access-request.ts';
import type { S3Action, S3Answer, S3World } from './s3-call.ts';
import { S3Problem } from './s3-problem.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

interface ListenerWorld {
  readonly world: S3World;
  readonly authorize: AuthorizeS3;
  readonly now: () => Date;
  readonly newRequestId: () => string;
}

/**
 * Takes the path apart by hand: a URL parser would resolve the `..` and `//` that a key may hold.
 *
 * @throws S3Problem InvalidURI
 */
function addressOf(url: string): { bucket: string; key: string; query: URLSearchParams } {
  const [, path = '', search = ''] = /^\/([^?]*)\??(.*)$/s.exec(url) ?? [];
  const slash = path.indexOf('/');
  try {
    const bucket = decodeURIComponent(slash < 0 ? path : path.slice(0, slash));
    const key = slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1));
    return { bucket, key, query: new URLSearchParams(search) };
  } catch {
    throw new S3Problem('InvalidURI');
  }
}

async function answerTo(request: IncomingMessage, requestId: string, listener: ListenerWorld): Promise<S3Answer> {
  const { headers } = request;
  const { bucket, key, query } = addressOf(request.url ?? '/');
  const signature = signatureOf(headers, query, listener.now());
  const { operation, action } = routeOf(request.method ?? '', { bucket, key, query, headers });
  const require = (wish: Omit<S3AccessRequest, 'signature'>): void => {
    try {
      listener.authorize({ ...wish, signature });
    } catch (error) {
      throw refusalOf(error);
    }
  };
  const listing = {
    prefix: query.get('prefix') ?? undefined,
    delimiter: query.get('delimiter') ?? undefined,
    maxKeys: query.get('max-keys') ?? undefined,
  };
  if (action !== undefined) require({ action, bucket, key, ...listing });
  if (action === 's3:PutObject' && headers['x-amz-tagging'] !== undefined)
    require({ action: 's3:PutObjectTagging', bucket, key });
  const requireAccess = (wanted: S3Action, onBucket: string, onKey: string): void =>
    require({ action: wanted, bucket: onBucket, key: onKey });
  try {
    return await operation({ request, headers, query, bucket, key, requestId, requireAccess }, listener.world);
  } catch (error) {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions): 404 is for who may list.
    if (error instanceof S3Problem && error.code === 'NoSuchKey') require({ action: 's3:ListBucket', bucket, key: '' });
    throw error;
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof AccessDenied) return new S3Problem('AccessDenied', error.message);
  return error instanceof UnknownCaller ? new S3Problem('InvalidAccessKeyId') : error;
}

/** S3's words for a mistake; an error that is none of S3's is a fault of the stand-in and says so. */
function answerOf(error: unknown, { url }: IncomingMessage, requestId: string): S3Answer {
  const known = error instanceof S3Problem;
  const problem = known
    ? error
    : new S3Problem('InternalError', error instanceof Error ? error.message : String(error));
  const content = { Code: problem.code, Message: problem.message, Resource: url?.split('?')[0], RequestId: requestId };
  return { status: problem.status, headers: problem.headers, xml: { root: 'Error', content } };
}

async function send(answer: S3Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status = 200, headers = {}, xml, body } = answer;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  if (request.method === 'HEAD' || status === 204 || status === 304) {
    response.end();
  } else if (body !== undefined) {
    await pipeline(body, response);
  } else if (xml === undefined) {
    response.end();
  } else {
    response.setHeader('content-type', 'application/xml');
    response.end(writeXml(xml.root, xml.content, xml.root === 'Error' ? undefined : NAMESPACE));
  }
}

/** S3's REST protocol in the path style: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
export function s3Listener(listener: ListenerWorld): RequestListener {
  return async (request, response) => {
    const requestId = listener.newRequestId();
    response.setHeader('x-amz-request-id', requestId);
    const answer = await answerTo(request, requestId, listener).catch((error) => answerOf(error, request, requestId));
    // An upload refused before it was read is read to its end, since a client sees the answer only after sending all.
    request.resume();
    await send(answer, request, response).catch(() => response.destroy());
  };
}
