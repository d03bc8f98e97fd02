/** Data points of one time series, oldest first; undefined is a missing one. */
export type Series = readonly (number | undefined)[];

/** A value of metric math: a number, one time series, or several (`METRICS()`, `[m1, m2]`). */
type Value = number | Series | { readonly list: readonly Series[] };

/**
 * Evaluates an expression of CloudWatch's metric math over series of equal length: numbers, ids, `+ - * /`, brackets,
 * `[a, b]`, `SUM`, `FILL(…, number)` and `METRICS()` are played, anything else is an error.
 *
 * Reports differ on what arithmetic does with a missing data point, and on what FILL makes of a metric that never had
 * one. Here both stay missing, so that an alarm which rings here rings whichever way CloudWatch takes it. SUM of several
 * series adds those that are there.
 *
 * @throws Error naming what is not understood.
 */
export function evaluateExpression(expression: string, metrics: ReadonlyMap<string, Series>): Series {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|[-+*/()[\],]|\S/g) ?? [];
  const length = Math.max(0, ...[...metrics.values()].map((series) => series.length));
  const reader = new ExpressionReader(tokens, metrics);
  const value = reader.sum();
  reader.end();
  if (typeof value === 'number') return Array.from({ length }, () => value);
  if ('list' in value) throw new Error(`an alarm watches one series: ${expression}`);
  return value;
}

class ExpressionReader {
  readonly #tokens: readonly string[];
  readonly #metrics: ReadonlyMap<string, Series>;
  #at = 0;

  constructor(tokens: readonly string[], metrics: ReadonlyMap<string, Series>) {
    this.#tokens = tokens;
    this.#metrics = metrics;
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw new Error(`metric math: ${this.#tokens[this.#at]} is not understood`);
  }

  sum(): Value {
    let left = this.#product();
    for (let operator = this.#take('+', '-'); operator !== undefined; operator = this.#take('+', '-'))
      left = combine(left, this.#product(), operator === '+' ? (a, b) => a + b : (a, b) => a - b);
    return left;
  }

  #product(): Value {
    let left = this.#term();
    for (let operator = this.#take('*', '/'); operator !== undefined; operator = this.#take('*', '/'))
      left = combine(left, this.#term(), operator === '*' ? (a, b) => a * b : (a, b) => a / b);
    return left;
  }

  #term(): Value {
    const token = this.#tokens[this.#at] ?? 'the end';
    this.#at += 1;
    if (/^\d/.test(token)) return Number(token);
    if (token === '(') return this.#closed(this.sum(), ')');
    if (token === '[') return { list: this.#arguments(']').map(oneSeries) };
    if (this.#take('(') !== undefined) return callOf(token, this.#arguments(')'), this.#metrics);
    const metric = this.#metrics.get(token);
    if (metric === undefined) throw new Error(`metric math: ${token} is not understood`);
    return metric;
  }

  #arguments(end: string): Value[] {
    const values: Value[] = [];
    if (this.#take(end) !== undefined) return values;
    do values.push(this.sum());
    while (this.#take(',') !== undefined);
    this.#closed(0, end);
    return values;
  }

  #closed(value: Value, end: string): Value {
    if (this.#take(end) === undefined) throw new Error(`metric math: ${end} is missing`);
    return value;
  }

  #take(...wanted: readonly string[]): string | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.#at += 1;
    return token;
  }
}

function callOf(name: string, given: readonly Value[], metrics: ReadonlyMap<string, Series>): Value {
  const [first, second] = given;
  if (name === 'METRICS' && first === undefined) return { list: [...metrics.values()] };
  if (name === 'SUM' && first !== undefined) return sumOf(first);
  if (name === 'FILL' && first !== undefined && typeof second === 'number') return filled(first, second);
  throw new Error(`metric math: ${name} with ${given.length} arguments is not played here`);
}

function sumOf(value: Value): Value {
  if (typeof value === 'number' || !('list' in value)) throw new Error('metric math: SUM takes several series here');
  const length = Math.max(0, ...value.list.map((series) => series.length));
  return Array.from({ length }, (_, index) => {
    const there = value.list.flatMap((series) => series[index] ?? []);
    return there.length === 0 ? undefined : there.reduce((sum, point) => sum + point, 0);
  });
}

function filled(value: Value, by: number): Value {
  if (typeof value === 'number') return value;
  if ('list' in value) return { list: value.list.map((series) => fill(series, by)) };
  return fill(value, by);
}

const fill = (series: Series, by: number): Series =>
  series.every((point) => point === undefined) ? series : series.map((point) => point ?? by);

function combine(left: Value, right: Value, operate: (a: number, b: number) => number): Value {
  if (typeof left === 'number' && typeof right === 'number') return operate(left, right);
  const [a, b] = [asSeries(left, right), asSeries(right, left)];
  return a.map((point, index) => {
    const other = b[index];
    return point === undefined || other === undefined ? undefined : operate(point, other);
  });
}

function asSeries(value: Value, other: Value): Series {
  if (typeof value === 'number') return oneSeries(other).map(() => value);
  return oneSeries(value);
}

function oneSeries(value: Value): Series {
  if (typeof value === 'number' || 'list' in value) throw new Error('metric math: one series is wanted');
  return value;
}
