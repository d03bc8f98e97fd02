import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { JUDGES } from '../judges.ts';
import type { InstalledTrino } from './install-trino.ts';
import { type Trino, TrinoError, trinoClient } from './trino-client.ts';

/** A Trino whose locations `local:///…` are paths of this machine. */
export interface RunningTrino {
  readonly query: Trino;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts within a gigabyte; compiled once and lightly, since every statement here is small. */
const JVM = ['-Xmx2g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];
const JVM_PROPERTIES = ['-Djdk.attach.allowAttachSelf=true', '-Dfile.encoding=UTF-8', '-Duser.timezone=UTC'];

/**
 * Statements are planned as they are written, for one machine: choosing an order by statistics takes longer than any of
 * these small bills, and what a row's amount is does not depend on it.
 */
const PLANNED_AS_WRITTEN = {
  'optimizer.join-reordering-strategy': 'NONE',
  'join-distribution-type': 'BROADCAST',
  'optimizer.use-cost-based-partitioning': 'false',
  'enable-dynamic-filtering': 'false',
  'optimizer.optimize-hash-generation': 'false',
  'redistribute-writes': 'false',
  'task.concurrency': 1,
};

const START_SECONDS_MAX = 240;

/** Starts a server of its own on a free port of 127.0.0.1, for one user. */
export async function startTrino({ folder, java }: InstalledTrino): Promise<RunningTrino> {
  const home = await mkdtemp(join(tmpdir(), 'apportion-trino-'));
  const port = await freePort();
  await configure(home, { plugins: join(folder, 'plugin'), port });
  const log = openSync(join(home, 'server.log'), 'a');
  const properties = [
    ...['-Dconfig=etc/config.properties', '-Dlog.levels-file=etc/log.properties', `-Dnode.data-dir=${home}/data`],
    ...['-cp', join(folder, 'lib/*')],
  ];
  const args = [...JVM, ...JVM_PROPERTIES, ...properties, 'judges.StartServer', JUDGES.trino.version];
  const server = spawn(java, args, { cwd: home, stdio: ['ignore', log, log] });
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await rm(home, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const patience = Date.now() + START_SECONDS_MAX * 1000;
  while (!(await isReady(url))) {
    if (server.exitCode !== null || Date.now() > patience) {
      const said = await readFile(join(home, 'server.log'), 'utf8');
      await close();
      throw new Error(`Trino did not start: ${said.slice(-2000)}`);
    }
    await sleep(250);
  }
  return { query: trinoClient(url), url, close };
}

async function configure(home: string, { plugins, port }: { plugins: string; port: number }): Promise<void> {
  await mkdir(join(home, 'etc/catalog'), { recursive: true });
  await mkdir(join(home, 'metastore'));
  const write = (file: string, properties: Readonly<Record<string, string | number>>) =>
    writeFile(
      join(home, 'etc', file),
      Object.entries(properties)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  await write('log.properties', { 'io.trino': 'WARN', 'io.airlift': 'WARN', Bootstrap: 'WARN' });
  await write('config.properties', {
    'node.environment': 'judge',
    'node.id': 'local',
    'node.internal-address': '127.0.0.1',
    'node.bind-ip': '127.0.0.1',
    coordinator: 'true',
    'node-scheduler.include-coordinator': 'true',
    'http-server.http.port': port,
    'discovery.uri': `http://127.0.0.1:${port}`,
    'catalog.config-dir': 'etc/catalog',
    'plugin.dir': plugins,
    'query.max-memory': '600MB',
    'query.max-memory-per-node': '600MB',
    'memory.heap-headroom-per-node': '300MB',
    'web-ui.enabled': 'false',
    // It is its own only node: one that is late with a heartbeat because it plans must not count as gone.
    'failure-detector.enabled': 'false',
    'discovery.max-age': '1h',
    ...PLANNED_AS_WRITTEN,
    // Every task it remembers costs it work five times a second.
    'task.info.max-age': '10s',
    'query.min-expire-age': '1s',
    'query.max-history': 5,
  });
  await write('catalog/hive.properties', {
    'connector.name': 'hive_local',
    'local.root': '/',
    'hive.metastore': 'file',
    'hive.metastore.catalog.dir': `local://${home}/metastore`,
    'hive.non-managed-table-writes-enabled': 'true',
    'hive.non-managed-table-creates-enabled': 'true',
    'hive.storage-format': 'PARQUET',
    'hive.compression-codec': 'ZSTD',
    'hive.security': 'allow-all',
  });
}

/** It answers before the catalogue has found its only node, and refuses to write a table until then. */
async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/v1/info`).catch(() => undefined);
  if (answer?.ok !== true || !(await answer.text()).includes('"starting":false')) return false;
  const trino = trinoClient(url);
  try {
    await trino('CREATE SCHEMA IF NOT EXISTS ready');
    await trino('CREATE TABLE ready.written AS SELECT 1 AS one');
    return true;
  } catch (error) {
    if (error instanceof TrinoError && error.code === 'NO_NODES_AVAILABLE') return false;
    throw error;
  }
}
