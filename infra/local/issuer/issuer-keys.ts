import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';

/** The issuer's key pair; a Cognito user pool signs access tokens and ID tokens with RS256 and names the key. */
export interface IssuerKeys {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

const KeyFile = z.object({ kid: z.string(), privateJwk: z.record(z.string(), z.unknown()) });

/** Reads `keys.json` of a folder, or makes it (readable by its owner only), so that tokens outlive a restart. */
export async function openIssuerKeys(folder: string): Promise<IssuerKeys> {
  const path = join(folder, 'keys.json');
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  const { kid, privateJwk } = kept === undefined ? await newKeys(folder, path) : KeyFile.parse(JSON.parse(kept));
  const privateKey = await importJWK({ ...privateJwk, alg: 'RS256' }, 'RS256');
  if (privateKey instanceof Uint8Array) throw new Error(`${path} does not hold an RSA key`);
  const { kty = 'RSA', n = '', e = '' } = z.object({ kty: z.string(), n: z.string(), e: z.string() }).parse(privateJwk);
  return { kid, privateKey, publicJwk: { alg: 'RS256', e, kid, kty, n, use: 'sig' } };
}

async function newKeys(folder: string, path: string): Promise<z.infer<typeof KeyFile>> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const keys = { kid: randomBytes(32).toString('base64'), privateJwk: { ...(await exportJWK(privateKey)) } };
  await mkdir(folder, { recursive: true });
  await writeFile(path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
