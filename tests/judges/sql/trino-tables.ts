import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AnswerMemory, hashOf } from '../answer-memory.ts';
import { type Trino, TrinoAnswer } from './trino-client.ts';

/** A table as a statement made it of other tables, each as it was at that moment. */
interface Made {
  readonly name: string;
  /** A hash of the statement and of all it reads, down to bytes of files. */
  readonly key: string;
  /** Makes it, or makes it of the one that `inputs` has under its own name. */
  readonly statement: string;
  readonly inputs: readonly Made[];
  readonly adds: boolean;
}

let schemas = 0;

/**
 * Tables that Trino makes of each other, as far as it has to: a table is made when a statement reads it whose answer is
 * not in memory. The schema, a name of this process's own, and folders are no part of what an answer is known by: no row
 * tells them.
 */
export class TrinoTables {
  readonly #trino: Trino;
  readonly #memory: AnswerMemory;
  readonly #schema = `rules_${process.pid}_${++schemas}`;
  readonly #made = new Map<string, Made>();
  /** What is in Trino under each name. */
  readonly #held = new Map<string, Made>();

  constructor(trino: Trino, memory: AnswerMemory) {
    this.#trino = trino;
    this.#memory = memory;
  }

  /** A table over one Parquet file, alone in its folder, that stays as it is. @param columns their definitions */
  async read(name: string, file: string, columns: string): Promise<void> {
    const bytes = createHash('sha256').update(await readFile(file));
    const statement = `CREATE TABLE ${name} (${columns}) WITH (external_location = 'local://${dirname(file)}', format = 'PARQUET')`;
    const key = hashOf([columns, bytes.digest('hex')]);
    this.#made.set(name, { name, key, statement, inputs: [], adds: false });
  }

  /** A table of what a SELECT says of the tables here, in place of one of its name. */
  create(name: string, select: string): void {
    this.#make(name, `CREATE TABLE ${name} AS ${select}`, this.#named(select, name), false);
  }

  /** The table with what a SELECT says of the tables here added to it. */
  insert(name: string, select: string): void {
    const base = this.#require(name);
    this.#make(name, `INSERT INTO ${name} ${select}`, [base, ...this.#named(select, name)], true);
  }

  /** All rows of a table, from memory where it was made in the same way of the same data before. */
  async rows(name: string): Promise<TrinoAnswer> {
    const made = this.#require(name);
    const statement = `SELECT * FROM ${name}`;
    return await this.#memory.answer({ statement, of: made.key }, TrinoAnswer, async () => {
      await this.#hold(made);
      return await this.#ask(statement);
    });
  }

  #make(name: string, statement: string, inputs: readonly Made[], adds: boolean): void {
    const key = hashOf([statement, ...inputs.map((input) => [input.name, input.key])]);
    this.#made.set(name, { name, key, statement, inputs, adds });
  }

  /** Tables whose name is anywhere in a text: all that it reads, and maybe more. */
  #named(text: string, except: string): readonly Made[] {
    return [...this.#made.values()].filter(
      ({ name }) => name !== except && new RegExp(`\\b${name}\\b`, 'i').test(text),
    );
  }

  #require(name: string): Made {
    const made = this.#made.get(name);
    if (made === undefined) throw new Error(`no statement has made ${name}`);
    return made;
  }

  async #hold(made: Made): Promise<void> {
    if (this.#held.get(made.name) === made) return;
    const missing = () => made.inputs.find((input) => this.#held.get(input.name) !== input);
    for (let input = missing(); input !== undefined; input = missing()) await this.#hold(input);
    if (this.#held.size === 0) await this.#ask(`CREATE SCHEMA IF NOT EXISTS ${this.#schema}`);
    if (!made.adds && this.#held.has(made.name)) await this.#ask(`DROP TABLE ${made.name}`);
    this.#held.delete(made.name);
    await this.#ask(made.statement);
    this.#held.set(made.name, made);
  }

  #ask(statement: string): Promise<TrinoAnswer> {
    return this.#trino(statement, { schema: this.#schema });
  }
}
