import { QueryFailure } from './query-failure.ts';

/** Steps of `projection.<column>.interval.unit`. */
type Unit = 'YEARS' | 'MONTHS' | 'WEEKS' | 'DAYS' | 'HOURS';

const STEPS: Readonly<Record<Unit, (instant: Date, count: number) => void>> = {
  YEARS: (instant, count) => instant.setUTCFullYear(instant.getUTCFullYear() + count),
  MONTHS: (instant, count) => instant.setUTCMonth(instant.getUTCMonth() + count),
  WEEKS: (instant, count) => instant.setUTCDate(instant.getUTCDate() + 7 * count),
  DAYS: (instant, count) => instant.setUTCDate(instant.getUTCDate() + count),
  HOURS: (instant, count) => instant.setUTCHours(instant.getUTCHours() + count),
};

const isUnit = (text: string): text is Unit => text in STEPS;

/** The letters of Java's DateTimeFormatter that stand for digits of fixed width. */
const FIELDS: readonly (readonly [string, (instant: Date) => number])[] = [
  ['yyyy', (instant) => instant.getUTCFullYear()],
  ['MM', (instant) => instant.getUTCMonth() + 1],
  ['dd', (instant) => instant.getUTCDate()],
  ['HH', (instant) => instant.getUTCHours()],
];

const format = (pattern: string, instant: Date): string =>
  FIELDS.reduce(
    (text, [letters, field]) => text.replace(letters, String(field(instant)).padStart(letters.length, '0')),
    pattern,
  );

function parse(pattern: string, text: string): Date {
  const field = (letters: string, otherwise: number): number => {
    const at = pattern.indexOf(letters);
    return at < 0 ? otherwise : Number(text.slice(at, at + letters.length));
  };
  const instant = new Date(Date.UTC(field('yyyy', 1970), field('MM', 1) - 1, field('dd', 1), field('HH', 0)));
  if (Number.isNaN(instant.getTime())) throw new QueryFailure('INVALID_TABLE_PROPERTY', `'${text}' is not ${pattern}`);
  return instant;
}

/** `NOW`, `NOW+1MONTHS`, `NOW-2YEARS` or an instant in the column's own format. */
function bound(pattern: string, text: string, now: Date): Date {
  const relative = /^NOW\s*(?:([+-])\s*(\d+)\s*([A-Z]+))?$/.exec(text);
  if (!relative) return parse(pattern, text);
  const [, sign, count, name = ''] = relative;
  const unit = name.endsWith('S') ? name : `${name}S`;
  if (!sign) return now;
  if (!isUnit(unit)) throw new QueryFailure('INVALID_TABLE_PROPERTY', `unknown unit in '${text}'`);
  const first = new Date(now);
  if (unit === 'MONTHS' || unit === 'YEARS') first.setUTCDate(1);
  STEPS[unit](first, Number(`${sign}${count}`));
  return first;
}

/** The smallest step the format can show, which is Athena's default interval unit. */
const unitOf = (pattern: string): Unit =>
  pattern.includes('HH') ? 'HOURS' : pattern.includes('dd') ? 'DAYS' : pattern.includes('MM') ? 'MONTHS' : 'YEARS';

/**
 * The values of a projected column of type `date`.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html#partition-projection-date-type
 *
 * @param settings the table's parameters behind `projection.<column>.`
 */
export function projectedDates(settings: (name: string) => string | undefined, now: Date): readonly string[] {
  const pattern = settings('format') ?? 'yyyy-MM-dd';
  const [from, to] = (settings('range') ?? '').split(',').map((text) => text.trim());
  if (!from || !to) throw new QueryFailure('INVALID_TABLE_PROPERTY', 'a projected date column needs a range');
  const unit = (settings('interval.unit') ?? unitOf(pattern)).toUpperCase();
  if (!isUnit(unit)) throw new QueryFailure('INVALID_TABLE_PROPERTY', `unknown interval.unit '${unit}'`);
  const last = bound(pattern, to, now);
  const values: string[] = [];
  for (const at = bound(pattern, from, now); at <= last; STEPS[unit](at, Number(settings('interval') ?? 1)))
    values.push(format(pattern, at));
  return values;
}
