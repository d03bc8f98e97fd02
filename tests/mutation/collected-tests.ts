import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  customMatchers,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

/**
 * What test files import as `vitest` while mutants are tried: it collects tests, to be run many times in one process.
 * It knows what those files use of Vitest, and takes matchers from Vitest itself.
 */

type Run = () => unknown;

/** A test of a test file, with what its file does before its first one. */
export interface CollectedTest {
  /** Unique among all: file, suites, name and, for `test.each`, the number of the row. */
  readonly id: string;
  readonly run: Run;
  readonly before: readonly Run[];
}

/** All tests of the files imported so far. */
export const collectedTests: CollectedTest[] = [];

let names: readonly string[] = [];
let before: Run[] = [];

/** Imports a test file by `load`, so that its tests are collected under `file`. */
export async function collect(file: string, load: () => Promise<unknown>): Promise<void> {
  names = [file];
  before = [];
  await load();
}

function add(name: string, run: Run): void {
  collectedTests.push({ id: [...names, name].join(' › '), run, before });
}

/** The function among `name, options, function` and `name, function, timeout`. */
function functionOf(given: readonly unknown[]): (...values: unknown[]) => unknown {
  const found = given.find((one) => typeof one === 'function');
  if (found === undefined) throw new Error('a test without a function');
  return found as (...values: unknown[]) => unknown;
}

export const test = Object.assign((name: string, ...given: unknown[]) => add(name, functionOf(given)), {
  each:
    (rows: readonly unknown[]) =>
    (name: string, ...given: unknown[]) => {
      for (const [at, row] of rows.entries())
        add(`${name} [${at}]`, () => functionOf(given)(...(Array.isArray(row) ? row : [row])));
    },
});

export const describe = Object.assign(suite, {
  skipIf: (isSkipped: boolean) => (isSkipped ? () => undefined : suite),
});

function suite(name: string, ...given: unknown[]): void {
  names = [...names, name];
  functionOf(given)();
  names = names.slice(0, -1);
}

export function beforeAll(run: Run): void {
  before.push(run);
}

/** Databases stay open until the process ends: the next mutant asks them again. */
export function afterAll(): void {}

/** As Vitest's in CI: the file is compared, never written. Only tests in `tests/lib/rules` have such files. */
function toMatchFileSnapshot(received: string, path: string) {
  const file = resolve('tests/lib/rules', path);
  return { pass: readFileSync(file, 'utf8') === received, message: () => `differs from ${file}` };
}

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

export const expect = chai.expect;
setState(
  { assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null, customTesters: [] } as never,
  expect as never,
);
Reflect.set(globalThis, GLOBAL_EXPECT, expect);
Reflect.apply(Reflect.get(expect, 'extend'), expect, [expect, { ...customMatchers, toMatchFileSnapshot }]);
Object.assign(expect, Reflect.get(globalThis, ASYMMETRIC_MATCHERS_OBJECT));
