import type { IncomingHttpHeaders } from 'node:http';
import type { CorsConfiguration } from './http-api-configuration.ts';

/** Whether the gateway answers this OPTIONS request itself, with 204 and the headers below. */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** The headers a browser of another origin needs; none where its origin is not allowed ("Configuring CORS for HTTP APIs"). */
export function corsHeaders(
  cors: CorsConfiguration,
  headers: IncomingHttpHeaders,
  preflight: boolean,
): Record<string, string> {
  const { origin } = headers;
  const any = cors.allowOrigins.includes('*');
  if (origin === undefined || !(any || cors.allowOrigins.includes(origin))) return {};
  const listed = (name: string, values: readonly string[]) => (values.length === 0 ? {} : { [name]: values.join(',') });
  return {
    'access-control-allow-origin': any ? '*' : origin,
    ...(any ? {} : { vary: 'Origin' }),
    ...(cors.allowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...listed('access-control-expose-headers', cors.exposeHeaders),
    ...(preflight
      ? {
          ...listed('access-control-allow-methods', cors.allowMethods),
          ...listed('access-control-allow-headers', cors.allowHeaders),
          ...(cors.maxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(cors.maxAgeSeconds) }),
        }
      : {}),
  };
}
