import { type CreateTable, parseCreateTable } from './create-table-statement.ts';
import { TokenReader } from './token-reader.ts';
import { parseUnload, type Unload } from './unload-statement.ts';

export interface Select {
  readonly kind: 'SELECT';
  readonly select: string;
}

export interface DropTable {
  readonly kind: 'DROP_TABLE';
  readonly database?: string;
  readonly name: string;
  readonly ifExists: boolean;
}

/** What the stand-in can run. `kind` is Athena's SubstatementType. */
export type Statement = Select | Unload | CreateTable | DropTable;

function parseDropTable(reader: TokenReader): DropTable {
  reader.require('TABLE');
  const ifExists = reader.accept('IF', 'EXISTS');
  const table = reader.qualifiedName();
  reader.end();
  return { kind: 'DROP_TABLE', ifExists, ...table };
}

/** DECIMAL '1.0575' has the digits' own type in Trino and DECIMAL(18,3) in DuckDB, which would round it. */
const withDecimalLiterals = (sql: string): string =>
  sql.replace(
    /('(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/)|\bDECIMAL\s*'([+-]?)(\d*)(?:\.(\d*))?'/gi,
    (all: string, other: string | undefined, sign: string, whole = '', fraction = '') => {
      if (other !== undefined) return all;
      const precision = Math.max(1, whole.length + fraction.length);
      return `CAST('${sign}${whole || '0'}${fraction && `.${fraction}`}' AS DECIMAL(${precision},${fraction.length}))`;
    },
  );

/** Without the semicolon Athena forgives at the end. */
const withoutSemicolon = (sql: string): string => sql.replace(/;\s*$/, '');

/**
 * What kind of statement it is, and its parts as far as DuckDB's parser does not know them.
 *
 * @throws QueryFailure SYNTAX_ERROR at the place where it stops making sense, also for kinds that are not played here.
 */
export function parseStatement(sql: string): Statement {
  const reader = new TokenReader(sql);
  if (reader.accept('UNLOAD')) {
    const unload = parseUnload(reader);
    return { ...unload, select: withDecimalLiterals(unload.select) };
  }
  if (reader.accept('CREATE', 'EXTERNAL', 'TABLE')) return parseCreateTable(reader);
  if (reader.accept('DROP')) return parseDropTable(reader);
  if (!['SELECT', 'WITH', 'VALUES', 'TABLE', '('].some((word) => reader.accept(word)))
    throw reader.unexpected("'SELECT', 'WITH', 'VALUES', 'UNLOAD', 'CREATE EXTERNAL TABLE', 'DROP TABLE'");
  return { kind: 'SELECT', select: withDecimalLiterals(withoutSemicolon(sql)) };
}
