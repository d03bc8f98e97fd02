import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from './clock.ts';
import { compileExpression } from './expression.ts';

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const RANGE_AT_MOST = 1_000;

/**
 * The functions Step Functions adds to JSONata, and the two it bends: `$random` takes a seed, `$eval` does not exist.
 * `$now` and `$millis` follow the clock.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
 */
export const jsonataFunctions = (clock: Clock): Readonly<Record<string, unknown>> => ({
  partition: (list: unknown, size: unknown) => partition(asArray(list), asWhole('partition', size, 1)),
  range: (first: unknown, last: unknown, step: unknown) =>
    range(asWhole('range', first), asWhole('range', last), asWhole('range', step)),
  hash: (data: unknown, algorithm: unknown) => hash(data, algorithm),
  random: (seed?: unknown) => (seed === undefined ? Math.random() : seededRandom(asWhole('random', seed))),
  uuid: () => randomUUID(),
  parse: (text: unknown) => {
    if (text === undefined) return undefined;
    if (typeof text !== 'string') throw new TypeError('The argument of $parse must be a string');
    return JSON.parse(text) as unknown;
  },
  millis: () => clock.now(),
  now: (picture?: unknown, zone?: unknown) =>
    compileExpression('$fromMillis($m, $p, $z)').evaluate(undefined, { m: clock.now(), p: picture, z: zone }),
  eval: undefined,
});

const asArray = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function asWhole(name: string, value: unknown, min = Number.MIN_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min)
    throw new TypeError(`An argument of $${name} must be an integer${min === 1 ? ' above 0' : ''}`);
  return value;
}

function partition(list: readonly unknown[], size: number): unknown[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}

function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new TypeError('The step of $range must not be 0');
  const count = Math.floor((last - first) / step) + 1;
  if (count > RANGE_AT_MOST) throw new TypeError(`$range yields at most ${RANGE_AT_MOST} numbers`);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => first + index * step);
}

function hash(data: unknown, algorithm: unknown): string {
  const name = ALGORITHMS[String(algorithm)];
  if (name === undefined)
    throw new TypeError(`The algorithm of $hash must be one of ${Object.keys(ALGORITHMS).join(', ')}`);
  return createHash(name)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

/** The same number for the same seed, in [0, 1). */
const seededRandom = (seed: number): number =>
  createHash('sha256').update(String(seed)).digest().readUIntBE(0, 6) / 2 ** 48;
