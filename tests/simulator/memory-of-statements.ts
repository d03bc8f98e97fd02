import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { openDuckdb } from '../../lib/adapters/duckdb/open-duckdb.ts';
import type { Database, OpenDatabase } from '../../lib/ports/database.ts';
import { Deeds } from './deeds.ts';

type Rows = Awaited<ReturnType<Database['rows']>>;

/** What a statement did: its rows, and the files it wrote, by path below the work folder. */
interface Deed {
  readonly rows: Rows;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** A statement as it was asked, with the bytes of every file it names. */
interface Statement {
  readonly sql: string;
  readonly inputs: ReadonlyMap<string, Buffer>;
}

/**
 * Answers statements that were asked before without running them. A statement's answer depends on nothing but itself, the
 * statements before it in its database and the bytes of the files they name: that is what it is remembered by. The work
 * folder is part of none of it. What is asked for the first time is run by DuckDB, after what went before.
 *
 * A run's id is replaced by one that is the same for all, in the files too: `x_RunId` is the one column that tells nothing
 * here, so that what one run made of a bill is remembered for the next. Keys and lists have the true ids.
 */
export class MemoryOfStatements {
  readonly #deeds: Deeds<Deed>;
  readonly #really: <Result>(act: () => Promise<Result>) => Promise<Result>;
  readonly #open = new Set<Connection>();
  asked = 0;
  run = 0;

  /** @param folder shared with other processes, or not. @param really tells that something real is under way while it is. */
  constructor(folder: string, really: <Result>(act: () => Promise<Result>) => Promise<Result>) {
    this.#deeds = new Deeds(folder);
    this.#really = really;
  }

  readonly openDatabase: OpenDatabase = async (options) => {
    const connection = new Connection(this, options.folder, '', [], () => openDuckdb(options));
    this.#open.add(connection);
    return connection;
  };

  /** Closes what a killed worker left open. */
  closeAll(): void {
    for (const connection of this.#open) connection.close();
    this.#open.clear();
  }

  closed(connection: Connection): void {
    this.#open.delete(connection);
  }

  async deed(name: string, act: () => Promise<Deed>): Promise<Deed> {
    this.asked += 1;
    const known = this.#deeds.find(name);
    if (known !== undefined) return known;
    this.run += 1;
    const deed = await this.#really(act);
    this.#deeds.keep(name, deed);
    return deed;
  }
}

/** One connection: remembers what it was asked, and becomes a real one at the first question nobody has asked before. */
class Connection implements Database {
  readonly #memory: MemoryOfStatements;
  readonly #folder: string;
  readonly #connect: () => Promise<Database>;
  readonly #log: Statement[];
  #name: string;
  #real: Promise<Database> | undefined;
  #done = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    memory: MemoryOfStatements,
    folder: string,
    name: string,
    log: readonly Statement[],
    connect: () => Promise<Database>,
  ) {
    this.#memory = memory;
    this.#folder = folder;
    this.#name = name;
    this.#log = [...log];
    this.#connect = connect;
  }

  async run(sql: string): Promise<void> {
    await this.#ask(sql);
  }

  rows(sql: string): Promise<Rows> {
    return this.#ask(sql);
  }

  /** Shares tables with this one as they are now; what it has of its own it is asked for anew. */
  async another(): Promise<Database> {
    return new Connection(this.#memory, this.#folder, `${this.#name}/`, [], async () => {
      const real = await this.#inTurn(() => this.#caughtUp());
      return await real.another();
    });
  }

  close(): void {
    this.#memory.closed(this);
    void this.#real?.then(
      (real) => real.close(),
      () => undefined,
    );
    this.#real = undefined;
  }

  async #ask(asked: string): Promise<Rows> {
    const sql = asked.replaceAll(RUN_ID, RUN_HERE);
    const statement = { sql, inputs: this.#inputsOf(sql) };
    const hash = createHash('sha256').update(this.#name).update(this.#relative(sql));
    for (const [path, bytes] of statement.inputs) hash.update(path).update(bytes);
    this.#name = hash.digest('hex');
    this.#log.push(statement);
    if (DEFINES_MACRO.test(sql)) return [];
    const place = this.#log.length;
    const deed = await this.#memory.deed(this.#name, () => this.#inTurn(() => this.#reallyDo(place)));
    for (const [path, bytes] of deed.files) writeFileSync(this.#folder + path, bytes);
    return deed.rows.map((row) => mapped(row, (text) => text.replaceAll(HERE, this.#folder)));
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #caughtUp(): Promise<Database> {
    this.#real ??= this.#connect();
    const real = await this.#real;
    while (this.#done < this.#log.length) await this.#next(real);
    return real;
  }

  async #reallyDo(place: number): Promise<Deed> {
    this.#real ??= this.#connect();
    const real = await this.#real;
    let rows: Rows = [];
    while (this.#done < place) rows = await this.#next(real);
    const written = /\bTO '([^']+)' \(FORMAT/.exec(this.#log[place - 1]?.sql ?? '')?.[1];
    const files = new Map<string, Buffer>();
    if (written?.startsWith(this.#folder)) files.set(written.slice(this.#folder.length), readFileSync(written));
    return { rows: rows.map((row) => mapped(row, (text) => text.replaceAll(this.#folder, HERE))), files };
  }

  /** Does the next statement of the log; a file that is gone by now is put there for as long as it takes. */
  async #next(real: Database): Promise<Rows> {
    const statement = this.#log[this.#done];
    if (statement === undefined) throw new Error('there is no statement left');
    this.#done += 1;
    const gone = [...statement.inputs].filter(([path]) => !existsSync(this.#folder + path));
    for (const [path, bytes] of gone) writeFileSync(this.#folder + path, bytes);
    try {
      return await real.rows(statement.sql);
    } finally {
      for (const [path] of gone) rmSync(this.#folder + path, { force: true });
    }
  }

  #inputsOf(sql: string): ReadonlyMap<string, Buffer> {
    const inputs = new Map<string, Buffer>();
    // Not by pairs of quotes: a statement is full of others.
    for (const part of sql.split(`'${this.#folder}/`).slice(1)) {
      const path = `/${part.slice(0, part.indexOf("'"))}`;
      if (existsSync(this.#folder + path)) inputs.set(path, readFileSync(this.#folder + path));
    }
    return inputs;
  }

  #relative(sql: string): string {
    return sql.replaceAll(this.#folder, HERE);
  }
}

/** Defined when the next statement is run: it depends on no data, so nothing can go wrong earlier. */
const DEFINES_MACRO = /^CREATE OR REPLACE TEMP MACRO /;
const RUN_ID = /run_[0-9a-f]{40}/g;
const RUN_HERE = `run_${'0'.repeat(40)}`;
/** Stands for the work folder in what is remembered. */
const HERE = '\u0001';

function mapped(row: Rows[number], change: (text: string) => string): Rows[number] {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : change(value)]));
}
