import { join } from 'node:path';
import type { Database, OpenDatabase } from '../../../lib/ports/database.ts';
import type { QueryEngine } from '../../../lib/ports/query-engine.ts';

/** A statement that the product gave an engine. */
export interface Emitted {
  /** The file that gave it, from the project's folder. */
  readonly module: string;
  readonly statement: string;
}

const PROJECT = join(import.meta.dirname, '../../..');

/** The file of `lib` that is calling, adapters aside; undefined where it is a test that asks. */
function callingModule(): string | undefined {
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const stack = new Error('who is calling').stack ?? '';
  Error.stackTraceLimit = depth;
  const called = stack.split('\n').flatMap((line) => {
    const at = line.indexOf(`${PROJECT}/lib/`);
    return at < 0 ? [] : [line.slice(at + PROJECT.length + 1).replace(/(?::\d+)+\)?$/, '')];
  });
  return called.find((module) => !module.startsWith('lib/adapters/'));
}

/** Notes what modules of `lib` ask, and what they ask it of. */
export class StatementRecord {
  readonly emitted: Emitted[] = [];

  note(statement: string): void {
    const module = callingModule();
    if (module !== undefined) this.emitted.push({ module, statement });
  }

  /** The same databases, whose statements are noted. */
  open(open: OpenDatabase): OpenDatabase {
    return async (options) => this.#recorded(await open(options));
  }

  /** The same engine, whose statements are noted. */
  engine(engine: QueryEngine): QueryEngine {
    return {
      run: (statement, options) => {
        this.note(statement);
        return engine.run(statement, options);
      },
      rows: (id) => engine.rows(id),
    };
  }

  #recorded(database: Database): Database {
    return {
      run: (statement) => {
        this.note(statement);
        return database.run(statement);
      },
      rows: (statement) => {
        this.note(statement);
        return database.rows(statement);
      },
      another: async () => this.#recorded(await database.another()),
      close: () => database.close(),
    };
  }
}
