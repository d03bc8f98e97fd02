const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
/** AWS counts the days of the week from 1, Sunday. */
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minutes', from: 0, to: 59 },
  { name: 'hours', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of week', from: 1, to: 7, words: DAYS },
  { name: 'year', from: 1970, to: 2199 },
];
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** A cron expression that names a day which never comes (30 February) must not be searched for ever. */
const DAYS_SEARCHED_MAX = 366 * 8;

/**
 * The six fields of an EventBridge cron expression in UTC: lists, ranges, steps, `*`, `?` and names. `L`, `W` and `#`
 * are not supported on this machine and refused.
 *
 * @returns the next full minute strictly after an instant (milliseconds since the epoch).
 */
export function parseCron(expression: string): (after: number) => number {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) throw new Error(`cron(${expression}) must have six fields`);
  const [minutes, hours, days, months, weekdays, years] = FIELDS.map((field, index) =>
    parseField(texts[index] ?? '', field),
  );
  return (after) => {
    let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
    for (let searched = 0; searched < DAYS_SEARCHED_MAX; searched += 1) {
      const date = new Date(at);
      const dayFits =
        days?.has(date.getUTCDate()) &&
        months?.has(date.getUTCMonth() + 1) &&
        weekdays?.has(date.getUTCDay() + 1) &&
        years?.has(date.getUTCFullYear());
      const nextDay = (Math.floor(at / DAY) + 1) * DAY;
      for (; dayFits && at < nextDay; at += MINUTE) {
        const time = new Date(at);
        if (hours?.has(time.getUTCHours()) && minutes?.has(time.getUTCMinutes())) return at;
      }
      at = nextDay;
    }
    return Number.POSITIVE_INFINITY;
  };
}

function parseField(text: string, field: Field): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from, to] = range === '*' || range === '?' ? [field.from, field.to] : bounds(range, field, part !== range);
    for (let value = from; value <= to; value += Number(step)) values.add(value);
  }
  if (values.size === 0) throw new Error(`cron field ${field.name}: ${text} names no value`);
  return values;
}

/** `5`, `5-9`, `MON-FRI`; with a step, a single start runs to the end of the field. */
function bounds(range: string, field: Field, stepped: boolean): [number, number] {
  const numbers = range.split('-').map((word) => {
    const index = field.words?.indexOf(word.toUpperCase()) ?? -1;
    const value = index >= 0 ? index + 1 : Number(word);
    if (word === '' || !Number.isInteger(value) || value < field.from || value > field.to)
      throw new Error(`cron field ${field.name}: ${range} is not supported on this machine`);
    return value;
  });
  const [from = field.from, to = stepped ? field.to : from] = numbers;
  return [from, to];
}
