import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type StandIn, serve } from '../stand-in.ts';
import { openIssuerKeys } from './issuer-keys.ts';
import { type IssuerIdentity, type TokenMaker, tokenMaker } from './tokens.ts';

/** An OpenID Connect issuer on this machine. It listens before it has a name, since a template may name it. */
export interface IssuerStandIn extends StandIn {
  /**
   * Serves the discovery document under this name and makes its tokens; another process can make them too
   * (`openTokenMaker`), while this one runs and after.
   */
  actAs(identity: IssuerIdentity): Promise<TokenMaker>;
}

const IdentityFile = z.object({ issuer: z.string(), clientId: z.string() });

/** Serves a key set; the keys are kept in the folder, so that tokens given out before a restart are still good. */
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
  return {
    ...server,
    actAs: async (identity) => {
      documents['/.well-known/openid-configuration'] = {
        id_token_signing_alg_values_supported: ['RS256'],
        issuer: identity.issuer,
        jwks_uri: `${server.endpoint}/.well-known/jwks.json`,
        response_types_supported: ['code', 'token'],
        scopes_supported: ['openid', 'email', 'phone', 'profile'],
        subject_types_supported: ['public'],
      };
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'identity.json'), JSON.stringify(identity));
      return tokenMaker(identity, keys);
    },
  };
}

/**
 * Makes tokens of the issuer that last ran in a folder, from another process and without serving anything.
 *
 * @throws Error where no issuer ever ran there.
 */
export async function openTokenMaker(folder: string): Promise<TokenMaker> {
  const identity = await readFile(join(folder, 'identity.json'), 'utf8').catch(() => undefined);
  if (identity === undefined) throw new Error(`no machine has run in ${folder}`);
  return tokenMaker(IdentityFile.parse(JSON.parse(identity)), await openIssuerKeys(folder));
}
