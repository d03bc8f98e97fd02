import type { Machine } from '../../infra/local/machine.ts';

/** A request with a bearer token, or with none. */
export type BareRequest = RequestInit & { readonly token?: string | undefined };

/** Sends a request to the API as any program could; `body` is there where the answer is JSON. */
export async function sendRequest({ apiUrl }: Machine, path: string, { token, ...init }: BareRequest = {}) {
  const headers = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers };
  const response = await fetch(`${apiUrl}${path}`, { ...init, headers });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body: unknown = isJson ? JSON.parse(text) : undefined;
  return { status: response.status, text, body };
}
