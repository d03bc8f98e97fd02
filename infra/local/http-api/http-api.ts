import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { InvokeResult } from '../lambda/lambda-function.ts';
import { listen, type StandIn } from '../stand-in.ts';
import { corsHeaders, isPreflight } from './cors-headers.ts';
import { functionAnswer, type GatewayAnswer, gatewayMessage } from './gateway-answer.ts';
import type { HttpApiConfiguration, RouteConfiguration } from './http-api-configuration.ts';
import { type Authorize, type Grant, jwtAuthorizer } from './jwt-authorizer.ts';
import { matchRoute } from './match-route.ts';
import { type GatewayRequest, requestEvent } from './request-event.ts';
import { tokenBucket } from './token-bucket.ts';

/** Limit of an HTTP API's payload, not adjustable. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** Limit of request line and header values together, not adjustable. */
const HEADER_BYTES_MAX = 10_240;

/** One HTTP API. It listens before it is configured, since the template may refer to its own endpoint. */
export interface HttpApiStandIn extends StandIn {
  /** From now on the routes are these and no others. */
  configure(configuration: HttpApiConfiguration): void;
}

/** What a route's integration calls; the route's key tells for which route. @throws where it may not, or cannot, call it */
export type InvokeFunction = (functionArn: string, payload: string, routeKey: string) => Promise<InvokeResult>;

/** Starts the gateway without any route: every request is answered 404 until it is configured. */
export async function startHttpApi(options: {
  readonly invoke: InvokeFunction;
  readonly port?: number;
  /** Told of every answer of a configured API. */
  readonly onAnswer?: (apiId: string, statusCode: number) => void;
}): Promise<HttpApiStandIn> {
  let respond: (request: GatewayRequest) => Promise<GatewayAnswer> = async () => gatewayMessage(404, 'Not Found');
  const gate = createServer(
    { maxHeaderSize: HEADER_BYTES_MAX },
    (message, response) => void handle(message, response, (request) => respond(request)),
  );
  gate.on('clientError', refuseUnreadable);
  const server = await listen(gate, options.port);
  return {
    ...server,
    configure: (configuration) => {
      const answer = gateway(configuration, options.invoke);
      respond = async (request) => {
        const answered = await answer(request);
        options.onAnswer?.(configuration.apiId, answered.statusCode);
        return answered;
      };
    },
  };
}

/** What Node's parser gives up on never becomes a request; who sent it is answered in the gateway's form all the same. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return;
  const [status, message] =
    error.code === 'HPE_HEADER_OVERFLOW' ? [431, 'Request Header Fields Too Large'] : [400, 'Bad Request'];
  const { headers, body } = gatewayMessage(Number(status), String(message), { connection: 'close' });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${message}\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n${body}`);
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  respond: (request: GatewayRequest) => Promise<GatewayAnswer>,
): Promise<void> {
  const requestId = randomUUID();
  const answer = await readBody(message)
    .then((body) =>
      body === undefined
        ? gatewayMessage(413, 'Request Entity Too Large')
        : respond(requestOf(message, body, requestId)),
    )
    .catch(() => gatewayMessage(500, 'Internal Server Error'));
  response.writeHead(answer.statusCode, {
    ...answer.headers,
    // RFC 9110 §8.6: a 204 has no length.
    ...(answer.statusCode === 204 ? {} : { 'content-length': String(answer.body.length) }),
    'apigw-requestid': requestId,
    ...(answer.cookies.length === 0 ? {} : { 'set-cookie': [...answer.cookies] }),
  });
  response.end(answer.body);
}

function requestOf(message: IncomingMessage, body: Buffer, requestId: string): GatewayRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  return {
    requestId,
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: message.headers,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    body,
    time: Date.now(),
  };
}

/** The whole body, or undefined when it is too large; the rest is read and dropped so that the answer arrives. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return bytes <= BODY_BYTES_MAX ? Buffer.concat(chunks) : undefined;
}

function gateway(
  api: HttpApiConfiguration,
  invoke: InvokeFunction,
): (request: GatewayRequest) => Promise<GatewayAnswer> {
  const authorizers = new Map<RouteConfiguration, Authorize>();
  const buckets = new Map<RouteConfiguration, () => boolean>();
  const bySource = new Map<string, Authorize>();
  for (const route of api.routes) {
    if (route.authorizer !== undefined) {
      const key = JSON.stringify(route.authorizer);
      const authorize = bySource.get(key) ?? jwtAuthorizer(route.authorizer);
      bySource.set(key, authorize);
      authorizers.set(route, authorize);
    }
    if (route.throttle !== undefined) buckets.set(route, tokenBucket(route.throttle));
  }
  const routed = async (request: GatewayRequest): Promise<GatewayAnswer> => {
    const match = matchRoute(api.routes, request.method, request.path);
    if (match === undefined) return gatewayMessage(404, 'Not Found');
    if (buckets.get(match.route)?.() === false) return gatewayMessage(429, 'Too Many Requests');
    let grant: Grant | undefined;
    const verdict = await authorizers.get(match.route)?.(request.headers, request.query, match.route.scopes);
    if (verdict !== undefined) {
      if ('refusal' in verdict) return verdict.refusal;
      grant = verdict.grant;
    }
    return integrate(match.route, JSON.stringify(requestEvent(api, request, match, grant)), invoke);
  };
  return async (request) => {
    const inStage = withoutStage(api.stage, request);
    if (inStage === undefined) return gatewayMessage(404, 'Not Found');
    const { cors } = api;
    if (cors === undefined) return routed(inStage);
    const preflight = isPreflight(request.method, request.headers);
    const answer = preflight
      ? { statusCode: 204, headers: {}, cookies: [], body: Buffer.alloc(0) }
      : await routed(inStage);
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(cors, request.headers, preflight) } };
  };
}

function withoutStage(stage: string, request: GatewayRequest): GatewayRequest | undefined {
  if (stage === '$default') return request;
  if (request.path !== `/${stage}` && !request.path.startsWith(`/${stage}/`)) return undefined;
  return { ...request, path: request.path.slice(stage.length + 1) || '/' };
}

/** An integration that takes longer than its time-out is Service Unavailable; the function itself runs on. */
async function integrate(route: RouteConfiguration, event: string, invoke: InvokeFunction): Promise<GatewayAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), route.timeoutMilliseconds).unref();
  });
  try {
    const result = await Promise.race([invoke(route.functionArn, event, route.routeKey), late]);
    if (result === 'late') return gatewayMessage(503, 'Service Unavailable');
    return result.functionError === undefined
      ? functionAnswer(result.payload)
      : gatewayMessage(500, 'Internal Server Error');
  } catch {
    // The function could not be called at all: throttled, gone, or its event too large.
    return gatewayMessage(500, 'Internal Server Error');
  } finally {
    clearTimeout(timer);
  }
}
