import { QueryFailure } from './query-failure.ts';
import { type SqlToken, sqlTokens } from './sql-tokens.ts';

/** Walks a statement's tokens from left to right; whatever it does not find is a syntax error that names the place. */
export class TokenReader {
  readonly #sql: string;
  readonly #tokens: readonly SqlToken[];
  #next = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = sqlTokens(sql);
  }

  /** The token ahead; undefined at the end. */
  get ahead(): SqlToken | undefined {
    return this.#tokens[this.#next];
  }

  /** Takes the keywords when all of them follow; otherwise takes nothing. */
  accept(...keywords: readonly string[]): boolean {
    const follows = keywords.every((keyword, i) => {
      const token = this.#tokens[this.#next + i];
      return (token?.kind === 'word' || token?.kind === 'mark') && token.value.toUpperCase() === keyword;
    });
    if (follows) this.#next += keywords.length;
    return follows;
  }

  /** @throws QueryFailure when the keywords do not follow. */
  require(...keywords: readonly string[]): void {
    if (!this.accept(...keywords)) throw this.unexpected(`'${keywords.join(' ')}'`);
  }

  /** A string literal's content. */
  text(): string {
    return this.#take(['text'], 'a string in single quotes').value;
  }

  /** An identifier, lower-case as Athena keeps it. */
  name(): string {
    return this.#take(['word', 'name'], 'a name').value.toLowerCase();
  }

  /** `table` or `database.table`. */
  qualifiedName(): { readonly database?: string; readonly name: string } {
    const first = this.name();
    return this.accept('.') ? { database: first, name: this.name() } : { name: first };
  }

  /** The statement's own characters up to the bracket that closes one just taken, which is taken too. */
  untilClosed(): string {
    const start = this.#tokens[this.#next - 1]?.end ?? 0;
    for (let depth = 1; ; this.#next++) {
      const token = this.ahead;
      if (!token) throw this.unexpected("')'");
      if (token.kind !== 'mark') continue;
      if (token.value === '(') depth++;
      if (token.value === ')' && --depth === 0) {
        this.#next++;
        return this.#sql.slice(start, token.start);
      }
    }
  }

  /** A Hive type's characters: up to a comma, bracket or keyword that is not part of it. */
  type(): string {
    let depth = 0;
    let type = '';
    for (; this.ahead; this.#next++) {
      const { kind, value } = this.ahead;
      if (depth === 0 && (value === ',' || value === ')' || (type !== '' && kind !== 'mark'))) break;
      if (value === '(' || value === '<') depth++;
      if (value === ')' || value === '>') depth--;
      type += value;
    }
    if (type === '') throw this.unexpected('a type');
    return type.toLowerCase();
  }

  /** @throws QueryFailure when anything but a semicolon is left. */
  end(): void {
    this.accept(';');
    if (this.ahead) throw this.unexpected('the end of the statement');
  }

  /** The failure that says where the statement stops making sense. */
  unexpected(wanted: string): QueryFailure {
    const at = this.ahead;
    const before = this.#sql.slice(0, at?.start ?? this.#sql.length).split('\n');
    const found = at ? `mismatched input '${this.#sql.slice(at.start, at.end)}'` : 'the statement ends too early';
    const column = (before.at(-1)?.length ?? 0) + 1;
    return new QueryFailure('SYNTAX_ERROR', `line ${before.length}:${column}: ${found}. Expecting: ${wanted}`);
  }

  #take(kinds: readonly SqlToken['kind'][], wanted: string): SqlToken {
    const token = this.ahead;
    if (!token || !kinds.includes(token.kind)) throw this.unexpected(wanted);
    this.#next++;
    return token;
  }
}
