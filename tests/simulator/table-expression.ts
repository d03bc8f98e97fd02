/** An item as a document client sees it. */
export type Item = Record<string, unknown>;

/** What an expression's placeholders stand for. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

type Operand = (item: Item) => unknown;
type Condition = (item: Item) => boolean;

const TOKEN = /\s*(<=|>=|<>|[()=<>,+-]|[#:]?[A-Za-z_][\w]*(?:\.[#]?[A-Za-z_]\w*)*)/gy;

/**
 * DynamoDB's expressions, as far as they are in use: conditions, key conditions and updates. Whatever is none of these
 * throws, so that a new kind of expression cannot be taken for a true one.
 */
class Reader {
  readonly #tokens: string[] = [];
  readonly #with: Placeholders;
  #place = 0;

  constructor(text: string, placeholders: Placeholders) {
    this.#with = placeholders;
    TOKEN.lastIndex = 0;
    let end = 0;
    for (const match of text.matchAll(TOKEN)) {
      this.#tokens.push(match[1] ?? '');
      end = match.index + match[0].length;
    }
    if (text.slice(end).trim() !== '') throw new Error(`cannot read the expression ${text}`);
  }

  get isAtEnd(): boolean {
    return this.#place >= this.#tokens.length;
  }

  take(): string {
    const token = this.#tokens[this.#place];
    if (token === undefined) throw new Error('an expression ends too early');
    this.#place += 1;
    return token;
  }

  takeIf(word: string): boolean {
    if (this.#tokens[this.#place]?.toUpperCase() !== word) return false;
    this.#place += 1;
    return true;
  }

  must(word: string): void {
    if (!this.takeIf(word)) throw new Error(`expected ${word} before ${this.#tokens[this.#place]}`);
  }

  condition(): Condition {
    const any = [this.#all()];
    while (this.takeIf('OR')) any.push(this.#all());
    return (item) => any.some((holds) => holds(item));
  }

  #all(): Condition {
    const all = [this.#one()];
    while (this.takeIf('AND')) all.push(this.#one());
    return (item) => all.every((holds) => holds(item));
  }

  #one(): Condition {
    if (this.takeIf('NOT')) {
      const inner = this.#one();
      return (item) => !inner(item);
    }
    if (this.takeIf('(')) {
      const inner = this.condition();
      this.must(')');
      return inner;
    }
    const name = this.#tokens[this.#place] ?? '';
    if (this.#tokens[this.#place + 1] === '(' && name in FUNCTIONS) return this.#call(name);
    const left = this.operand();
    const operator = this.take();
    const right = this.operand();
    return (item) => compare(operator, left(item), right(item));
  }

  #call(name: string): Condition {
    this.take();
    const args = this.#arguments();
    const holds = FUNCTIONS[name];
    if (holds === undefined) throw new Error(`${name} is not played here`);
    return (item) => holds(...args.map((arg) => arg(item)));
  }

  #arguments(): Operand[] {
    this.must('(');
    const args = [this.operand()];
    while (this.takeIf(',')) args.push(this.operand());
    this.must(')');
    return args;
  }

  operand(): Operand {
    const token = this.take();
    if (token.startsWith(':')) return () => this.#value(token);
    if (token === 'if_not_exists') {
      const [there, otherwise] = this.#arguments();
      return (item) => there?.(item) ?? otherwise?.(item);
    }
    if (token === 'list_append') {
      const lists = this.#arguments();
      return (item) => lists.flatMap((list) => list(item) as unknown[]);
    }
    const path = this.path(token);
    return (item) => read(item, path);
  }

  path(token: string): readonly string[] {
    return token.split('.').map((part) => {
      if (!part.startsWith('#')) return part;
      const name = this.#with.ExpressionAttributeNames?.[part];
      if (name === undefined) throw new Error(`${part} stands for nothing`);
      return name;
    });
  }

  #value(token: string): unknown {
    const values = this.#with.ExpressionAttributeValues ?? {};
    if (!(token in values)) throw new Error(`${token} stands for nothing`);
    return values[token];
  }
}

const FUNCTIONS: Readonly<Record<string, (...args: unknown[]) => boolean>> = {
  attribute_exists: (value) => value !== undefined,
  attribute_not_exists: (value) => value === undefined,
  attribute_type: (value, type) => value !== undefined && typeOf(value) === type,
  begins_with: (value, prefix) => typeof value === 'string' && value.startsWith(String(prefix)),
  contains: (value, part) => (Array.isArray(value) || typeof value === 'string') && value.includes(part as string),
};

/** Whether the item (empty where there is none) satisfies a condition. */
export function holds(expression: string | undefined, item: Item | undefined, placeholders: Placeholders): boolean {
  if (expression === undefined) return true;
  const reader = new Reader(expression, placeholders);
  const condition = reader.condition();
  if (!reader.isAtEnd) throw new Error(`cannot read the condition ${expression}`);
  return condition(item ?? {});
}

/** The item after an update. */
export function updated(expression: string, before: Item, placeholders: Placeholders): Item {
  const reader = new Reader(expression, placeholders);
  const after = structuredClone(before);
  let clause = '';
  while (!reader.isAtEnd) {
    for (const word of ['SET', 'ADD', 'REMOVE']) if (reader.takeIf(word)) clause = word;
    const path = reader.path(reader.take());
    if (clause === 'SET') {
      reader.must('=');
      write(after, path, sum(reader, before));
    } else if (clause === 'ADD') {
      write(after, path, Number(read(before, path) ?? 0) + Number(reader.operand()(before)));
    } else if (clause === 'REMOVE') remove(after, path);
    else throw new Error(`cannot read the update ${expression}`);
    reader.takeIf(',');
  }
  return after;
}

function sum(reader: Reader, before: Item): unknown {
  const first = reader.operand()(before);
  if (reader.takeIf('+')) return Number(first) + Number(reader.operand()(before));
  if (reader.takeIf('-')) return Number(first) - Number(reader.operand()(before));
  return first;
}

function read(item: Item, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (value as Item)[name] : undefined),
    item,
  );
}

function parentOf(item: Item, path: readonly string[]): Item {
  const parent = read(item, path.slice(0, -1));
  if (typeof parent !== 'object' || parent === null)
    throw new Error(`The document path provided in the update expression is invalid for update: ${path.join('.')}`);
  return parent as Item;
}

function write(item: Item, path: readonly string[], value: unknown): void {
  parentOf(item, path)[path.at(-1) ?? ''] = structuredClone(value);
}

function remove(item: Item, path: readonly string[]): void {
  delete parentOf(item, path)[path.at(-1) ?? ''];
}

function typeOf(value: unknown): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return 'L';
  return { string: 'S', number: 'N', boolean: 'BOOL' }[typeof value as string] ?? 'M';
}

/** Values of unlike types, and absent ones, compare as nothing but unequal. */
function compare(operator: string, left: unknown, right: unknown): boolean {
  const alike = left !== undefined && right !== undefined && typeOf(left) === typeOf(right);
  const equal = alike && JSON.stringify(left) === JSON.stringify(right);
  if (operator === '=') return equal;
  if (operator === '<>') return !equal;
  if (!alike) return false;
  const order = (left as string) < (right as string) ? -1 : equal ? 0 : 1;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      throw new Error(`${operator} is not played here`);
  }
}
