import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpAnswer, HttpRequest } from '../lib/api/http.ts';
import { Problem } from '../lib/domain/problem.ts';

/** The parts of an API Gateway event (payload 2.0) that operations read. A JWT authorizer adds the verified claims. */
export type ApiEvent = APIGatewayProxyEventV2 & {
  readonly requestContext: { readonly authorizer?: { readonly jwt?: { readonly claims?: Record<string, unknown> } } };
};

/** The event as our own request. Throws Problem `malformed_body` for bytes that are no text. */
export function requestOf(event: ApiEvent): HttpRequest {
  const { body, isBase64Encoded, rawPath, queryStringParameters, pathParameters, headers } = event;
  return {
    method: event.requestContext.http.method,
    path: rawPath,
    params: definedOnly(pathParameters),
    query: definedOnly(queryStringParameters),
    headers: definedOnly(headers),
    body: body === undefined || !isBase64Encoded ? body : decoded(body),
    claims: event.requestContext.authorizer?.jwt?.claims,
  };
}

/** Bytes that are not UTF-8 are refused; read leniently, a name would be stored that nobody has sent. */
function decoded(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    throw new Problem('malformed_body', { reason: 'the body is not UTF-8' });
  }
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
