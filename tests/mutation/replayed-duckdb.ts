import type { Database, OpenDatabase } from '../../lib/ports/database.ts';

/** The adapter itself, under a name that is not taken for the one of the test files. */
const REAL = '../../lib/adapters/duckdb/open-duckdb.ts?itself';

type Rows = Awaited<ReturnType<Database['rows']>>;

/** A statement that a test sent, and what came back; nothing of one that was only run. */
export interface Statement {
  readonly text: string;
  readonly rows?: Rows;
}

let sent: Statement[] | undefined;
let known: readonly Statement[] = [];

/**
 * Begins a test. As long as it sends what it sent without a mutant, it is answered what was said then; from its first other
 * statement on, the database is asked, which is given all statements before. So a mutant that leaves the SQL as it is costs
 * no query. Without `statements` every one is asked.
 */
export function replay(statements: readonly Statement[] = []): void {
  sent = [];
  known = statements;
}

/** Ends a test: what is sent from now on is of none. */
export function endReplay(): void {
  sent = undefined;
}

/** What the test sent since `replay`. */
export function sentStatements(): readonly Statement[] {
  return sent ?? [];
}

/** What test files import as `openDuckdb` while mutants are tried. */
export const openDuckdb: OpenDatabase = async (options) => {
  const { openDuckdb: open } = (await import(REAL)) as { readonly openDuckdb: OpenDatabase };
  const database = await open(options);
  let isAsked = false;
  let of = sent;
  const knownAnswer = async (text: string): Promise<Statement | undefined> => {
    if (sent === undefined) return undefined;
    if (of !== sent) [of, isAsked] = [sent, false];
    if (isAsked) return undefined;
    const answer = known[sent.length];
    if (answer?.text === text) return answer;
    isAsked = true;
    for (const before of sent) await database.run(before.text);
    return undefined;
  };
  return {
    ...database,
    run: async (text) => {
      if ((await knownAnswer(text)) === undefined) await database.run(text);
      sent?.push({ text });
    },
    rows: async (text) => {
      const rows = (await knownAnswer(text))?.rows ?? (await database.rows(text));
      sent?.push({ text, rows });
      return rows;
    },
  };
};
