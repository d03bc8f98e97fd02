import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { TRINO_MACROS } from '../../../infra/local/athena/trino-macros.ts';
import { freePort } from '../free-port.ts';
import { pythonTool } from '../installs/python-tool.ts';
import { JUDGES } from '../judges.ts';
import { ACCOUNT_ID, REGION } from './cloud.ts';

/** A ministack with a folder of its own, over https: the template's buckets and queues refuse anything else. */
export interface Ministack {
  readonly endpoint: string;
  /** What it has refused so far. */
  denials(): Promise<readonly Denial[]>;
  /** Ends it as an operator would, and starts it again with what it kept. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A call that IAM refused. */
export interface Denial {
  readonly action: string;
  readonly resource: string;
  /** ARN of the session that asked. */
  readonly principal: string;
}

/** Athena's SELECTs need DuckDB, tokens cryptography: without them ministack answers made-up values. */
const REQUIREMENTS = [`ministack==${JUDGES.ministack.version}`, 'duckdb==2.0.0', 'cryptography==50.0.0'];
const START_SECONDS_MAX = 120;
/** Which ministack makes for itself, in the folder for temporary files. */
const CERTIFICATE = 'tmp/ministack-tls/server.crt';

/** Installs and starts it; `authorize` makes it ask IAM before each call. */
export async function startMinistack({ authorize }: { authorize: boolean }): Promise<Ministack> {
  const { name, version } = JUDGES.ministack;
  const bin = await pythonTool({ name: `${name}-${version}`, requirements: REQUIREMENTS });
  const home = await mkdtemp(join(tmpdir(), 'apportion-ministack-'));
  await mkdir(join(home, 'tmp'));
  const macros = join(home, 'macros.sql');
  await writeFile(macros, TRINO_MACROS);
  const port = await freePort();
  const endpoint = `https://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    ...settingsOf(home, port),
    ATHENA_MACROS: macros,
    PYTHONDONTWRITEBYTECODE: '1',
    NODE_EXTRA_CA_CERTS: join(home, CERTIFICATE),
    // Its functions run on the `node` of the PATH: the one this project pins, which is Lambda's.
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
    ...(authorize ? { AUTH: 'true', AWS_ACCESS_KEY_ID: ACCOUNT_ID, AWS_SECRET_ACCESS_KEY: 'test' } : {}),
  };
  const logFile = join(home, 'log');
  const start = async () => {
    const log = openSync(logFile, 'a');
    const gaps = join(import.meta.dirname, 'ministack_gaps.py');
    const child = spawn(join(bin, 'python'), [gaps], { cwd: home, env, stdio: ['ignore', log, log] });
    await untilReady(child, endpoint, { home, logFile });
    return child;
  };
  let child = await start();
  // A judge that is broken off leaves no server behind.
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    endpoint,
    denials: async () =>
      [...(await readFile(logFile, 'utf8')).matchAll(/^DENIED (\S+) (\S+) (\S+)$/gm)].map(
        ([, action = '', resource = '', principal = '']) => ({ action, resource, principal }),
      ),
    restart: async () => {
      await end(child, 'SIGTERM');
      child = await start();
    },
    close: async () => {
      await end(child, 'SIGTERM');
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** It listens on every interface, and for devices on another port, unless it is told not to. */
function settingsOf(home: string, port: number): Record<string, string> {
  return {
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: ACCOUNT_ID,
    MINISTACK_REGION: REGION,
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    USE_SSL: '1',
    PERSIST_STATE: '1',
    STATE_DIR: join(home, 'state'),
    S3_PERSIST: '1',
    S3_DATA_DIR: join(home, 's3'),
    TMPDIR: join(home, 'tmp'),
  };
}

async function untilReady(
  child: ChildProcess,
  endpoint: string,
  { home, logFile }: { home: string; logFile: string },
): Promise<void> {
  const patience = Date.now() + START_SECONDS_MAX * 1000;
  for (;;) {
    await trust(join(home, CERTIFICATE));
    const answer = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null || Date.now() > patience) {
      await end(child, 'SIGKILL');
      throw new Error(`ministack did not start: ${(await readFile(logFile, 'utf8')).slice(-2000)}`);
    }
    await sleep(250);
  }
}

const trusted = new Set<string>();

/** Lets this process believe the certificate that a ministack has made for itself. */
async function trust(path: string): Promise<void> {
  const certificate = await readFile(path, 'utf8').catch(() => '');
  if (!certificate.includes('END CERTIFICATE') || trusted.has(certificate)) return;
  trusted.add(certificate);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate]);
}

/** Its functions end with it only when it is asked to end. */
async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}
