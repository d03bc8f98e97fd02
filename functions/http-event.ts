import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpAnswer, HttpRequest } from '../lib/api/http.ts';

/** The parts of an API Gateway event (payload 2.0) that operations read. A JWT authorizer adds the verified claims. */
export type ApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer?: { readonly jwt?: { readonly claims?: Record<string, unknown> } } };
};

/** The event as our own request. */
export function requestOf(event: ApiEvent): HttpRequest {
  const { body, isBase64Encoded, rawPath, queryStringParameters, pathParameters, headers } = event;
  return {
    method: event.requestContext.http.method,
    path: rawPath,
    params: definedOnly(pathParameters),
    query: definedOnly(queryStringParameters),
    headers: definedOnly(headers),
    body: body === undefined || !isBase64Encoded ? body : Buffer.from(body, 'base64').toString('utf8'),
    claims: event.requestContext.authorizer?.jwt?.claims,
  };
}

/** Our answer as API Gateway takes it. */
export function resultOf({ status, headers, body }: HttpAnswer): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { ...headers }, body };
}

function definedOnly(values: Record<string, string | undefined> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
