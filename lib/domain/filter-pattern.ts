/** Longest regular expression of a filter, in characters. */
const CHARACTERS_MAX = 1_000;
/** Most that counted repetitions may multiply to: what RE2 accepts. */
const REPEATS_MAX = 1_000;

/** A piece of a regular expression: what matches a character, what stands between characters, or syntax taken over as it is. */
type Token =
  | {
      readonly kind: 'characters';
      readonly isNegated: boolean;
      readonly ranges: readonly Range[];
      readonly classes: readonly string[];
    }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'syntax'; readonly text: string };

/** Code points, both included. */
type Range = readonly [from: number, to: number];

/** How a pattern is written for who runs it: RE2 and Trino's engines alike, or JavaScript. */
export type PatternDialect = 'sql' | 'javascript';

const SPACES: readonly Range[] = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13 };
const CLASS_LETTERS = /^[dDwW]$/;
const CATEGORY = /^[pP]\{(?:L|Lu|Ll|M|N|Nd|P|S|Z)\}/;
const PUNCTUATION = /^[!-/:-@[-`{-~ ]$/;

/**
 * A filter's regular expression (`matches`): RE2's syntax as far as every engine that may run it reads it alike. Anything
 * else is refused when a rule is saved, with what is wrong (`pricing.md` §4, `portable-sql.md` §3).
 */
export function parsePattern(text: string): { readonly tokens: readonly Token[] } | { readonly wrong: string } {
  if ([...text].length > CHARACTERS_MAX)
    return { wrong: `a regular expression of at most ${CHARACTERS_MAX} characters` };
  try {
    return { tokens: new PatternReader(text).read() };
  } catch (error) {
    if (error instanceof PatternError) return { wrong: error.message };
    throw error;
  }
}

/** Writes a parsed pattern; with `foldsCase` for a value whose ASCII letters are in lower case. */
export function writePattern(
  tokens: readonly Token[],
  dialect: PatternDialect,
  { foldsCase }: { foldsCase: boolean },
): string {
  return tokens.map((token) => written(token, dialect, foldsCase)).join('');
}

class PatternError extends Error {}

class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;
  #open = 0;
  #repeats = 1;

  constructor(text: string) {
    this.#characters = [...text];
  }

  read(): readonly Token[] {
    const tokens: Token[] = [];
    if (this.#takes('(?i)')) tokens.push({ kind: 'syntax', text: '(?i)' });
    let mayRepeat = false;
    while (this.#at < this.#characters.length) {
      const token = this.#next(mayRepeat);
      tokens.push(token);
      mayRepeat = token.kind === 'characters' || (token.kind === 'syntax' && token.text === ')');
    }
    if (this.#open > 0) throw new PatternError('a group "(" that is not closed');
    return tokens;
  }

  #next(mayRepeat: boolean): Token {
    const character = this.#take();
    if (character === '\\') return this.#escape();
    if (character === '[') return this.#set();
    if (character === '.') return { kind: 'characters', isNegated: true, ranges: [[10, 10]], classes: [] };
    if (character === '^') return { kind: 'start' };
    if (character === '$') return { kind: 'end' };
    if (character === '|') return { kind: 'syntax', text: '|' };
    if (character === '(') return this.#group();
    if (character === ')') {
      this.#open -= 1;
      if (this.#open < 0) throw new PatternError('a ")" without its "("');
      return { kind: 'syntax', text: ')' };
    }
    if ('*+?{'.includes(character)) return this.#repetition(character, mayRepeat);
    if (character === '}' || character === ']')
      throw new PatternError(`a "${character}" that is meant as one: write \\${character}`);
    return literal(character);
  }

  #group(): Token {
    this.#open += 1;
    if (this.#takes('?:')) return { kind: 'syntax', text: '(?:' };
    if (this.#peek() === '?') throw new PatternError('a group other than ( ), (?: ) or (?i) at the beginning');
    return { kind: 'syntax', text: '(' };
  }

  #repetition(character: string, mayRepeat: boolean): Token {
    if (!mayRepeat)
      throw new PatternError(`a "${character}" with nothing before it to repeat; a literal one is \\${character}`);
    const text = character === '{' ? this.#counts() : character;
    const lazy = this.#takes('?') ? '?' : '';
    if (this.#peek() === '+') throw new PatternError('a possessive repetition');
    return { kind: 'syntax', text: `${text}${lazy}` };
  }

  #counts(): string {
    const rest = this.#characters.slice(this.#at, this.#at + 12).join('');
    const [whole, from, , to] = /^(\d{1,4})(,(\d{0,4}))?\}/.exec(rest) ?? [];
    if (whole === undefined)
      throw new PatternError('a "{" that counts nothing: write {2}, {2,} or {2,5}, or \\{ for a literal one');
    this.#repeats *= Math.max(1, Number(to || from));
    if (this.#repeats > REPEATS_MAX || (to && Number(to) < Number(from)))
      throw new PatternError(`repetitions of at most ${REPEATS_MAX} in all, the smaller number first`);
    this.#at += whole.length;
    return `{${whole}`;
  }

  #escape(): Token {
    const character = this.#take('a "\\" at the end');
    if (character === 'A') return { kind: 'start' };
    if (character === 'z') return { kind: 'end' };
    if (character === 'b' || character === 'B') return { kind: 'syntax', text: `\\${character}` };
    if (character === 's' || character === 'S')
      return { kind: 'characters', isNegated: character === 'S', ranges: SPACES, classes: [] };
    const { ranges, classes } = this.#escaped(character);
    return { kind: 'characters', isNegated: false, ranges, classes };
  }

  /** What an escape stands for, in a set or outside of one. */
  #escaped(character: string): { ranges: readonly Range[]; classes: readonly string[] } {
    if (CLASS_LETTERS.test(character)) return { ranges: [], classes: [`\\${character}`] };
    if (character === 'p' || character === 'P') {
      const [category] = CATEGORY.exec(this.#characters.slice(this.#at - 1, this.#at + 6).join('')) ?? [];
      if (category === undefined)
        throw new PatternError(
          'a category other than \\p{L}, \\p{Lu}, \\p{Ll}, \\p{M}, \\p{N}, \\p{Nd}, \\p{P}, \\p{S} or \\p{Z}',
        );
      this.#at += category.length - 1;
      return { ranges: [], classes: [`\\${category}`] };
    }
    const code = CONTROLS[character] ?? (PUNCTUATION.test(character) ? codeOf(character) : undefined);
    if (code === undefined) throw new PatternError(`"\\${character}", which not every engine reads alike`);
    return { ranges: [[code, code]], classes: [] };
  }

  #set(): Token {
    const isNegated = this.#takes('^');
    const ranges: Range[] = [];
    const classes: string[] = [];
    while (this.#peek() !== ']' || ranges.length + classes.length === 0) {
      const from = this.#member(classes, ranges);
      if (from === undefined) continue;
      const isRange = this.#peek() === '-' && this.#characters[this.#at + 1] !== ']';
      if (isRange) this.#at += 1;
      const to = isRange ? this.#member([], []) : from;
      if (to === undefined || to < from) throw new PatternError('a range in "[ ]" that ends before it begins');
      ranges.push([from, to]);
    }
    this.#at += 1;
    return { kind: 'characters', isNegated, ranges, classes };
  }

  /** One character of a set; undefined where a class or several characters were added instead. */
  #member(classes: string[], ranges: Range[]): number | undefined {
    const character = this.#take('a "[" that is not closed');
    if (character === '[' || character === ']' || character === '&')
      throw new PatternError(`a "${character}" in "[ ]" that is meant as one: write \\${character}`);
    if (character !== '\\') return codeOf(character);
    const escaped = this.#take('a "\\" at the end');
    if (escaped === 's') {
      ranges.push(...SPACES);
      return undefined;
    }
    const { ranges: found, classes: named } = this.#escaped(escaped);
    classes.push(...named);
    return found[0]?.[0];
  }

  #take(missing = 'an end too early'): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new PatternError(missing);
    this.#at += 1;
    return character;
  }

  #takes(text: string): boolean {
    const isNext = [...text].every((character, at) => this.#characters[this.#at + at] === character);
    if (isNext) this.#at += text.length;
    return isNext;
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }
}

function literal(character: string): Token {
  const code = codeOf(character);
  return { kind: 'characters', isNegated: false, ranges: [[code, code]], classes: [] };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function written(token: Token, dialect: PatternDialect, foldsCase: boolean): string {
  if (token.kind === 'syntax') return token.text;
  if (token.kind !== 'characters') {
    if (dialect === 'javascript') return token.kind === 'start' ? '^' : '$';
    return token.kind === 'start' ? '\\A' : '\\z';
  }
  const { isNegated, classes } = token;
  const ranges = foldsCase ? token.ranges.flatMap(withLowerCase) : token.ranges;
  const [only, ...others] = ranges;
  if (!isNegated && classes.length === 0 && only && others.length === 0 && only[0] === only[1])
    return escaped(only[0], OUTSIDE);
  const [named] = classes;
  if (!isNegated && ranges.length === 0 && named && classes.length === 1) return named;
  const parts = ranges.map(([from, to]) =>
    from === to ? escaped(from, IN_SET) : `${escaped(from, IN_SET)}-${escaped(to, IN_SET)}`,
  );
  return `[${isNegated ? '^' : ''}${parts.join('')}${classes.join('')}]`;
}

/** A range for values in lower case: its capitals stand for their small letters too, and alone for nothing else. */
function withLowerCase([from, to]: Range): readonly Range[] {
  const [first, last] = [Math.max(from, 65), Math.min(to, 90)];
  if (first > last) return [[from, to]];
  const small: Range = [first + 32, last + 32];
  return from >= 65 && to <= 90 ? [small] : [[from, to], small];
}

const OUTSIDE = /[\\^$.|?*+()[\]{}]/;
const IN_SET = /[\\^$.|?*+()[\]{}-]/;

/** A character that stands for itself in every dialect. */
function escaped(code: number, special: RegExp): string {
  const character = String.fromCodePoint(code);
  return special.test(character) ? `\\${character}` : character;
}
