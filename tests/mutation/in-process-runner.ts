import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import type { CollectedTest } from './collected-tests.ts';
import type { Statement } from './replayed-duckdb.ts';
import { TEST_FILES } from './test-files.ts';

/** What each test took and sent without a mutant; a file of the sandbox, for the processes that Stryker starts later. */
const KNOWN = 'known-tests.json';

interface KnownTest {
  readonly milliseconds: number;
  readonly statements: readonly Statement[];
}

/** What Stryker's instrumented code reads and writes. */
interface Mutations {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

const mutations: Mutations = Reflect.get(globalThis, '__stryker__') ?? {};
Reflect.set(globalThis, '__stryker__', mutations);

/**
 * Runs Vitest's test files without Vitest: modules are imported once and databases opened once, then a mutant costs what its
 * tests cost, cheapest first. Vitest's own runner imports everything anew for each, which took some seconds.
 */
class InProcessTestRunner implements TestRunner {
  private readonly prepared = new Set<CollectedTest['before']>();
  private known: Record<string, KnownTest> = {};
  private tests: readonly CollectedTest[] = [];
  private database: typeof import('./replayed-duckdb.ts') | undefined;

  /** Modules cannot be imported twice: Stryker starts a process for a mutant that acts while they are. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun(): Promise<DryRunResult> {
    await this.load();
    const tests: TestResult[] = [];
    for (const one of this.tests) tests.push(await this.resultOf(one));
    writeFileSync(KNOWN, JSON.stringify(this.known));
    const { mutantCoverage } = mutations;
    return { status: DryRunStatus.Complete, tests, ...(mutantCoverage ? { mutantCoverage } : {}) };
  }

  async mutantRun({ activeMutant, mutantActivation, ...asked }: MutantRunOptions): Promise<MutantRunResult> {
    if (mutantActivation === 'static') mutations.activeMutant = activeMutant.id;
    try {
      await this.load();
      const filter = asked.testFilter && new Set(asked.testFilter);
      const tests = this.tests.filter(({ id }) => filter?.has(id) ?? true);
      for (const one of tests) await this.prepare(one);
      Object.assign(mutations, { activeMutant: activeMutant.id, hitCount: 0, hitLimit: asked.hitLimit });
      const result = await this.untilOneFails(tests);
      return toMutantRunResult(determineHitLimitReached(mutations.hitCount, asked.hitLimit) ?? result);
    } catch (error) {
      return toMutantRunResult({ status: DryRunStatus.Complete, tests: [failed('import', 0, error)] });
    } finally {
      Object.assign(mutations, { activeMutant: undefined, hitLimit: undefined });
    }
  }

  private async untilOneFails(tests: readonly CollectedTest[]): Promise<DryRunResult> {
    const costOf = ({ id }: CollectedTest) => this.known[id]?.milliseconds ?? 0;
    const results: TestResult[] = [];
    for (const one of tests.toSorted((a, b) => costOf(a) - costOf(b))) {
      const result = await this.resultOf(one);
      results.push(result);
      if (result.status === TestStatus.Failed) break;
    }
    return { status: DryRunStatus.Complete, tests: results };
  }

  /** Imports the test files of the sandbox, which is the working directory, with stand-ins for Vitest and for DuckDB. */
  private async load(): Promise<void> {
    if (this.database !== undefined) return;
    // A counterexample is enough; making it smaller took longer than finding it.
    fc.configureGlobal({ endOnFailure: true });
    const standIn = (name: string) => {
      if (name === 'vitest') return './collected-tests.ts';
      return name.endsWith('/open-duckdb.ts') ? './replayed-duckdb.ts' : undefined;
    };
    registerHooks({
      resolve: (name, context, next) => {
        const file = standIn(name);
        return file === undefined
          ? next(name, context)
          : { url: new URL(file, import.meta.url).href, shortCircuit: true };
      },
    });
    const { collect, collectedTests } = await import('./collected-tests.ts');
    for (const file of TEST_FILES) await collect(file, () => import(pathToFileURL(resolve(file)).href));
    this.tests = collectedTests;
    if (existsSync(KNOWN)) this.known = JSON.parse(readFileSync(KNOWN, 'utf8'));
    this.database = await import('./replayed-duckdb.ts');
  }

  private async prepare({ before }: CollectedTest): Promise<void> {
    if (this.prepared.has(before)) return;
    for (const run of before) await run();
    this.prepared.add(before);
  }

  private async resultOf(one: CollectedTest): Promise<TestResult> {
    const start = performance.now();
    try {
      await this.prepare(one);
      this.database?.replay(this.known[one.id]?.statements);
      mutations.currentTestId = one.id;
      await one.run();
      const timeSpentMs = performance.now() - start;
      this.known[one.id] ??= { milliseconds: timeSpentMs, statements: this.database?.sentStatements() ?? [] };
      return { id: one.id, name: one.id, timeSpentMs, status: TestStatus.Success };
    } catch (error) {
      return failed(one.id, performance.now() - start, error);
    } finally {
      mutations.currentTestId = undefined;
      this.database?.endReplay();
    }
  }
}

function failed(id: string, timeSpentMs: number, error: unknown): TestResult {
  return { id, name: id, timeSpentMs, status: TestStatus.Failed, failureMessage: String(error) };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessTestRunner)];
