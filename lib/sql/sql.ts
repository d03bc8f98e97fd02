import { literal } from './literal.ts';

/** A piece of SQL text that was made here: never a plain string, so a value cannot pass for one. */
export class Sql {
  readonly text: string;
  /** Use the `sql` tag; this constructor takes the text as it is. */
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a fragment: another fragment, a list of them (comma-separated), or a value, which becomes a literal. */
export type Interpolated = Sql | readonly Sql[] | string | number;

/** Writes a fragment. A string becomes an escaped literal, an integer its digits; only fragments go in as SQL. */
export function sql(parts: TemplateStringsArray, ...values: readonly Interpolated[]): Sql {
  const written = parts.map((part, at) => {
    const value = values[at];
    return value === undefined ? part : `${part}${writtenOut(value)}`;
  });
  return new Sql(written.join(''));
}

/** Fragments with a separator between them; by default a comma. */
export function join(fragments: readonly Sql[], separator = ', '): Sql {
  return new Sql(fragments.map(({ text }) => text).join(separator));
}

function writtenOut(value: Interpolated): string {
  if (value instanceof Sql) return value.text;
  if (typeof value === 'string') return literal(value);
  if (typeof value === 'number') return integer(value);
  return join(value).text;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not an integer; money and rates are decimal literals`);
  return String(value);
}
