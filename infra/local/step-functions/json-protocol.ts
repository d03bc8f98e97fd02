import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import type { AuthorizeCall } from '../iam/authorize-call.ts';
import { signedBy } from '../iam/signed-by.ts';
import { readRequest } from '../read-request.ts';
import type { Operations } from './operations/operation.ts';
import { ServiceError } from './service-error.ts';

/**
 * Answers AWS's JSON 1.0 protocol: the action in `X-Amz-Target`, JSON in and out, errors by name in `__type`.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export const jsonProtocol =
  (service: string, operations: Operations, authorize: AuthorizeCall): RequestListener =>
  (request, response) => {
    answer(service, operations, authorize, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() });
      response.end(JSON.stringify(body));
    });
  };

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(
  service: string,
  operations: Operations,
  authorize: AuthorizeCall,
  request: IncomingMessage,
): Promise<Answer> {
  try {
    const body = await readJson(request);
    const [prefix, action] = String(request.headers['x-amz-target'] ?? '').split('.');
    const known = prefix === service && action !== undefined && Object.hasOwn(operations, action);
    const operation = known ? operations[action] : undefined;
    if (operation === undefined || action === undefined)
      throw new ServiceError('UnknownOperationException', `There is no action ${action ?? 'at all'}`);
    authorize(signedBy(request.headers), action, body);
    return { status: 200, body: await operation(body) };
  } catch (thrown) {
    if (thrown instanceof AccessDenied) return refusal('AccessDeniedException', thrown);
    if (thrown instanceof UnknownCaller) return refusal('UnrecognizedClientException', thrown);
    if (thrown instanceof ServiceError) return { status: 400, body: { __type: thrown.name, message: thrown.message } };
    return { status: 500, body: { __type: 'InternalFailure', message: String(thrown) } };
  }
}

const refusal = (name: string, { message }: Error): Answer => ({ status: 400, body: { __type: name, message } });

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readRequest(request);
  try {
    return JSON.parse(body || '{}') as unknown;
  } catch {
    throw new ServiceError('SerializationException', 'The request is not JSON');
  }
}
