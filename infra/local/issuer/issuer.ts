import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type StandIn, serve } from '../stand-in.ts';
import { openIssuerKeys } from './issuer-keys.ts';
import { type TokenMaker, tokenMaker } from './tokens.ts';

/** An OpenID Connect issuer on this machine; its endpoint is the issuer's name. */
export interface IssuerStandIn extends StandIn, TokenMaker {}

const AddressFile = z.object({ issuer: z.url() });

/**
 * Serves the discovery document and the key set. Keys and address are kept in the folder: after a restart on the same
 * port, tokens given out before are still good.
 */
export async function startIssuer({
  folder,
  port,
}: {
  readonly folder: string;
  readonly port?: number;
}): Promise<IssuerStandIn> {
  const keys = await openIssuerKeys(folder);
  const documents: Record<string, object> = { '/.well-known/jwks.json': { keys: [keys.publicJwk] } };
  const server = await serve((request, response) => {
    const document = documents[(request.url ?? '').split('?')[0] ?? ''];
    response
      .writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(document ?? { message: 'Not Found' }));
  }, port);
  const issuer = server.endpoint;
  documents['/.well-known/openid-configuration'] = {
    id_token_signing_alg_values_supported: ['RS256'],
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code', 'token'],
    scopes_supported: ['openid', 'email', 'phone', 'profile'],
    subject_types_supported: ['public'],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'address.json'), JSON.stringify({ issuer } satisfies z.infer<typeof AddressFile>));
  return { ...server, ...tokenMaker(issuer, keys) };
}

/**
 * Makes tokens of the issuer that last ran in a folder, from another process and without serving anything.
 *
 * @throws Error where no issuer ever ran there.
 */
export async function openTokenMaker(folder: string): Promise<TokenMaker> {
  const address = await readFile(join(folder, 'address.json'), 'utf8').catch(() => undefined);
  if (address === undefined) throw new Error(`no machine has run in ${folder}`);
  return tokenMaker(AddressFile.parse(JSON.parse(address)).issuer, await openIssuerKeys(folder));
}
