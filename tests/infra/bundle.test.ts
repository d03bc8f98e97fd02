import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { duckdbPackages } from '../../infra/bundle/duckdb-packages.ts';
import { zipFunction } from '../../infra/bundle/zip-function.ts';
import { bundleFunctions } from '../../infra/bundle.ts';

const here = process.arch === 'arm64' ? 'arm64' : 'x86_64';
const foreign =
  here === 'arm64' ? ({ lambda: 'x86_64', npm: 'x64' } as const) : ({ lambda: 'arm64', npm: 'arm64' } as const);
const scratch = () => mkdtempSync(join(tmpdir(), 'apportion-bundle-'));

describe('the bundle of a function', () => {
  test('is made once, and again only when it is gone or its sources changed', async () => {
    const outFolder = scratch();
    const only = ['fail-dead-task'] as const;
    expect(await bundleFunctions({ outFolder, only })).toEqual(['fail-dead-task']);
    expect(await bundleFunctions({ outFolder, only })).toEqual([]);
    const inputs = join(outFolder, 'fail-dead-task.inputs.json');
    const noted: unknown = JSON.parse(readFileSync(inputs, 'utf8'));
    expect(noted).toMatchObject({
      files: expect.arrayContaining(['functions/bill-pipeline/fail-dead-task.ts', 'lib/pipeline/fail-dead-task.ts']),
    });
    writeFileSync(inputs, JSON.stringify({ ...Object(noted), stamp: 'of other files' }));
    expect(await bundleFunctions({ outFolder, only })).toEqual(['fail-dead-task']);
    rmSync(join(outFolder, 'fail-dead-task'), { recursive: true });
    expect(await bundleFunctions({ outFolder, only })).toEqual(['fail-dead-task']);
  });

  test('is put there as other files, so that whoever reads the ones before has them whole', async () => {
    const outFolder = scratch();
    const only = ['fail-dead-task'] as const;
    const files = ['fail-dead-task/index.mjs', 'fail-dead-task.inputs.json'].map((file) => join(outFolder, file));
    await bundleFunctions({ outFolder, only });
    const reading = files.map((file) => openSync(file, 'r'));
    const before = files.map((file) => statSync(file).ino);
    writeFileSync(`${files[1]}.new`, '{}');
    renameSync(`${files[1]}.new`, `${files[1]}`);
    expect(await bundleFunctions({ outFolder, only })).toEqual(['fail-dead-task']);
    for (const [index, file] of files.entries()) expect(statSync(file).ino).not.toBe(before[index]);
    for (const open of reading) closeSync(open);
    expect(readdirSync(outFolder).sort()).toEqual(['fail-dead-task', 'fail-dead-task.inputs.json']);
  });

  test('is an ES module that leaves DuckDB’s native binding outside and brings the SDK along', async () => {
    const outFolder = scratch();
    await bundleFunctions({ outFolder, only: ['convert-files'] });
    const code = readFileSync(join(outFolder, 'convert-files', 'index.mjs'), 'utf8');
    const imported = [...code.matchAll(/\bfrom\s*["']([^"'./][^"']*)["']/g)].map(([, name]) => name ?? '');
    expect(imported).toContain('@duckdb/node-api');
    expect(imported.filter((name) => /^(@aws-sdk|@smithy|@middy|zod)/.test(name))).toEqual([]);
    expect(code).toMatch(/export\s*\{[^}]*\bas handler\b|export\s*\{\s*handler/);
  });
});

describe('the zip of a function', () => {
  test('is the same bytes each time', async () => {
    const outFolder = scratch();
    await bundleFunctions({ outFolder, only: ['fail-dead-task'] });
    zipFunction(outFolder, 'fail-dead-task', []);
    const first = readFileSync(join(outFolder, 'fail-dead-task.zip'));
    zipFunction(outFolder, 'fail-dead-task', []);
    expect(readFileSync(join(outFolder, 'fail-dead-task.zip')).equals(first)).toBe(true);
    expect(Object.keys(unzipSync(first))).toEqual(['index.mjs']);
  });

  test('carries DuckDB’s binding and the library it links to, below Lambda’s sizes', async () => {
    const outFolder = scratch();
    await bundleFunctions({ outFolder, only: ['convert-files'] });
    const { zipBytes, unzippedBytes } = zipFunction(outFolder, 'convert-files', duckdbPackages(here, scratch()));
    expect(zipBytes).toBeLessThan(50_000_000);
    expect(unzippedBytes).toBeLessThan(250_000_000);
    const names: string[] = [];
    unzipSync(readFileSync(join(outFolder, 'convert-files.zip')), { filter: ({ name }) => names.push(name) < 0 });
    const binding = `node_modules/@duckdb/node-bindings-linux-${process.arch}`;
    expect(names).toEqual(expect.arrayContaining(['index.mjs', `${binding}/duckdb.node`, `${binding}/libduckdb.so`]));
  });
});

describe('DuckDB’s binding for another processor', () => {
  const cacheWith = (files: Readonly<Record<string, Buffer>>) => {
    const cache = scratch();
    const manifest = readFileSync('node_modules/@duckdb/node-bindings/package.json', 'utf8');
    const { version } = Object(JSON.parse(manifest));
    const name = `@duckdb/node-bindings-linux-${foreign.npm}`;
    const folder = join(cache, `duckdb-${version}-${foreign.npm}`, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, file), bytes);
    return cache;
  };

  test('must be there: a package that installed without its native file is named', () => {
    expect(() => duckdbPackages(foreign.lambda, cacheWith({}))).toThrow(/There is no .*duckdb\.node/);
  });

  test('must be for that processor: another one’s file is named', () => {
    const ours = readFileSync(`node_modules/@duckdb/node-bindings-linux-${process.arch}/duckdb.node`).subarray(0, 64);
    expect(() => duckdbPackages(foreign.lambda, cacheWith({ 'duckdb.node': ours }))).toThrow(/for another processor/);
  });
});
