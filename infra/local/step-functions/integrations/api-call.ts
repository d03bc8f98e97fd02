import { z } from 'zod';
import type { Integration } from './integration.ts';
import { sdkFailure } from './sdk-failure.ts';

const Arguments = z.record(z.string(), z.unknown());

/**
 * An integration that is one call of a service's API: Arguments are its request, its answer the result.
 *
 * @param service the prefix of its error names.
 */
export const apiCall =
  <Request extends object>(
    service: string,
    call: (request: Request, options: { readonly abortSignal: AbortSignal }) => Promise<object>,
  ): Integration =>
  async (args, { signal }) => {
    // The service itself checks its request, and names what is wrong with it.
    const request = Arguments.parse(args) as Request;
    try {
      return plainResult(await call(request, { abortSignal: signal }));
    } catch (thrown) {
      throw sdkFailure(service, thrown);
    }
  };

/** An SDK answer as JSON: dates as milliseconds, its own metadata under the names Step Functions gives them. */
export function plainResult(answer: object): Readonly<Record<string, unknown>> {
  const { $metadata, ...result } = answer as {
    readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  };
  const plain = JSON.parse(JSON.stringify(withMilliseconds(result))) as Readonly<Record<string, unknown>>;
  if ($metadata === undefined) return plain;
  return {
    ...plain,
    SdkHttpMetadata: { HttpStatusCode: $metadata.httpStatusCode ?? 200 },
    SdkResponseMetadata: { RequestId: $metadata.requestId ?? '' },
  };
}

function withMilliseconds(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(withMilliseconds);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withMilliseconds(inner)]));
}
