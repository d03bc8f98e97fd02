import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What each folder may import, besides itself and `node:`. A folder without a line here fails. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/names': [],
  'lib/focus': [],
  'lib/sql': [],
  'lib/domain': ['lib/focus', 'lib/names', 'zod', 'decimal.js'],
  'lib/rules': ['lib/domain', 'lib/focus', 'lib/names', 'lib/sql', 'lib/ports/partner-config.ts', 'zod', 'decimal.js'],
  'lib/sources': ['lib/domain', 'lib/focus', 'lib/names', 'lib/sql', 'zod'],
  'lib/contracts': ['lib/domain', 'lib/focus', 'lib/names', 'zod', 'zod-openapi'],
  'lib/ports': ['lib/domain', 'lib/focus', 'lib/names', 'lib/sources'],
  'lib/sample-bill': ['lib/focus'],
  'lib/rule-import': ['lib/domain', 'zod', 'sax'],
  'lib/api': [
    'lib/domain',
    'lib/focus',
    'lib/names',
    'lib/sql',
    'lib/rules',
    'lib/contracts',
    'lib/ports',
    'lib/pipeline/config-of-month.ts',
    'lib/pipeline/in-parallel.ts',
    'lib/pipeline/priced-relation.ts',
    'lib/pipeline/rules-database.ts',
    'lib/pipeline/split-bill/plan.ts',
    'zod',
  ],
  'lib/pipeline': [
    'lib/domain',
    'lib/focus',
    'lib/names',
    'lib/sql',
    'lib/rules',
    'lib/sources',
    'lib/ports',
    'zod',
    'decimal.js',
  ],
  'lib/adapters': [
    'lib/domain',
    'lib/focus',
    'lib/names',
    'lib/sql',
    'lib/ports',
    'lib/sources',
    'zod',
    '@aws-sdk',
    '@smithy',
    '@duckdb/node-api',
  ],
  functions: ['lib', '@aws-sdk', '@middy', '@aws-lambda-powertools', 'aws-lambda', 'zod'],
  infra: ['lib/names', 'lib/focus', 'aws-cdk-lib', 'constructs', 'cdk-nag', 'esbuild', 'fflate', 'zod'],
  'infra/local': [
    'lib/names',
    'zod',
    '@aws-sdk',
    '@smithy',
    '@duckdb/node-api',
    'dynalite',
    'fauxqs',
    'jsonata',
    'asl-validator',
    'jose',
  ],
  'infra/cli': [
    'infra/local',
    'infra/bundle.ts',
    'lib/names',
    'lib/focus',
    'lib/domain',
    'lib/contracts',
    'lib/sample-bill',
    'lib/rule-import',
    'lib/adapters',
    'lib/ports',
    '@aws-sdk',
    '@duckdb/node-api',
    'commander',
    'yaml',
    'zod',
    'decimal.js',
  ],
};

/** The layer of a file: its folder under lib, one of the two layers inside infra, or its top-level folder. */
function layerOf(file: string): string {
  return /^(lib\/[^/]+|infra\/(?:local|cli)|functions|infra)\//.exec(file)?.[1] ?? file;
}

/** Every module a file names: static and dynamic imports, re-exports, bare side-effect imports. */
function importsOf(source: string): string[] {
  const patterns = [
    /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
    /(?<![.\w])require\(\s*['"]([^'"]+)['"]\s*\)/g,
  ];
  return patterns.flatMap((pattern) => [...source.matchAll(pattern)].map(([, from]) => from ?? ''));
}

/** Imports of one file that its layer may not make. */
function straysOf(file: string, source: string): string[] {
  const layer = layerOf(file);
  const allowed = MAY_IMPORT[layer] ?? [];
  return importsOf(source)
    .map((from) => (from.startsWith('.') ? join(dirname(file), from) : from))
    .filter((to) => !to.startsWith('node:') && layerOf(to) !== layer)
    .filter((to) => !allowed.some((one) => to === one || to.startsWith(`${one}/`)));
}

const files = globSync('{lib,infra,functions}/**/*.ts', { cwd: root }).map((file) => relative('.', file));

describe('The folders’ direction', () => {
  test('there are files to look at', () => expect(files.length).toBeGreaterThan(50));

  test.each(files)('%s imports only what its layer may', (file) => {
    const layer = layerOf(file);
    expect(Object.keys(MAY_IMPORT), `${layer} has no line in MAY_IMPORT`).toContain(layer);
    expect(
      straysOf(file, readFileSync(join(root, file), 'utf8')),
      `${layer} may import ${MAY_IMPORT[layer]?.join(', ') || 'nothing'}`,
    ).toEqual([]);
  });

  test.each(files)('%s names only files that exist', (file) => {
    const missing = importsOf(readFileSync(join(root, file), 'utf8'))
      .filter((from) => from.startsWith('.'))
      .filter((from) => !existsSync(join(root, dirname(file), from)));
    expect(missing).toEqual([]);
  });

  test('planted violations are found, of every form of import', () => {
    const planted = [
      "import { x } from '../domain/problem.ts';",
      "import type { y } from '../domain/run.ts';",
      "import '../domain/ids.ts';",
      "const z = await import('../domain/day.ts');",
      "export { w } from '../domain/day.ts';",
      "import { v } from 'zod';",
    ];
    for (const line of planted) expect(straysOf('lib/names/planted.ts', line), line).toHaveLength(1);
    expect(
      straysOf('infra/local/planted.ts', "import { f } from '../../lib/pipeline/split-bill/publish.ts';"),
    ).toHaveLength(1);
    expect(straysOf('infra/local/planted.ts', "import { f } from '../../functions/middleware.ts';")).toHaveLength(1);
  });

  test('only adapters, functions and what runs the machine name an SDK client', () => {
    const withClient = files.filter((file) => /from '@aws-sdk\//.test(readFileSync(join(root, file), 'utf8')));
    expect(withClient.filter((file) => !/^(lib\/adapters|functions|infra\/(?:local|cli))\//.test(file))).toEqual([]);
  });

  test('entry points of functions are a few lines', () => {
    const entries = files.filter((file) => /^functions\/(?:api|bill-pipeline)\//.test(file));
    for (const file of entries)
      expect(readFileSync(join(root, file), 'utf8').split('\n').length, file).toBeLessThanOrEqual(26);
  });
});
