import type { IncomingHttpHeaders } from 'node:http';
import type { HttpApiConfiguration } from './http-api-configuration.ts';
import type { Grant } from './jwt-authorizer.ts';
import { decode, type RouteMatch } from './match-route.ts';

/** A request as the gateway has read it. */
export interface GatewayRequest {
  readonly requestId: string;
  readonly method: string;
  /** Encoded, without the stage. */
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly sourceIp: string;
  readonly body: Buffer;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** The only types whose bodies reach a function as text; every other, also a missing one, comes as base64. */
const TEXT_TYPES = /^(text\/[^;]*|application\/(json|xml|javascript))\s*(;|$)/i;

/**
 * The event of payload format 2.0.
 *
 * `rawPath` is decoded, as HTTP APIs deliver it; a query parameter given twice is joined by a comma; cookies leave the
 * headers; absent parts are absent, not null.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function requestEvent(
  api: HttpApiConfiguration,
  request: GatewayRequest,
  { route, pathParameters }: RouteMatch,
  grant: Grant | undefined,
): object {
  const { cookie, ...headers } = request.headers;
  const host = headers.host ?? '';
  const path = request.path.split('/').map(decode).join('/');
  const rawPath = api.stage === '$default' ? path : `/${api.stage}${path}`;
  const query = queryParameters(request.query);
  const text = TEXT_TYPES.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      'content-length': String(request.body.length),
      'x-amzn-trace-id': `Root=1-${Math.floor(request.time / 1000).toString(16)}-${request.requestId.replaceAll('-', '').slice(0, 24)}`,
      'x-forwarded-for': request.sourceIp,
      'x-forwarded-port': host.split(':')[1] ?? '80',
      'x-forwarded-proto': 'http',
    },
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: api.accountId,
      apiId: api.apiId,
      ...(grant === undefined ? {} : { authorizer: { jwt: grant } }),
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: route.routeKey,
      stage: api.stage,
      time: logTime(request.time),
      timeEpoch: request.time,
    },
    ...(Object.keys(pathParameters).length === 0 ? {} : { pathParameters }),
    ...(Object.keys(api.stageVariables).length === 0 ? {} : { stageVariables: api.stageVariables }),
    ...(request.body.length === 0 ? {} : { body: request.body.toString(text ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !text,
  };
}

function queryParameters(query: string): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before},${value}`;
  }
  return joined;
}

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(time: number): string {
  const [, day, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ');
  return `${day}/${month}/${year}:${clock} +0000`;
}
