import {
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import { QueryFailure } from './query-failure.ts';

const BIGINT_MAX = 2n ** 63n - 1n;

/** `2025-03-01 00:00:00.000`: milliseconds, rounded half up from whatever the engine held. */
function instantText(micros: bigint): string {
  const shifted = micros + 500n;
  const millis = shifted >= 0n ? shifted / 1000n : -((-shifted + 999n) / 1000n);
  return new Date(Number(millis)).toISOString().replace('T', ' ').replace('Z', '');
}

/** Java's Double.toString, which Athena's results show: `0.1`, `100.0`, `1.0E7`, `1.0E-7`. */
function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  const withPoint = (digits: string) => (digits.includes('.') ? digits : `${digits}.0`);
  if (size >= 1e-3 && size < 1e7) return withPoint(String(value));
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${withPoint(digits)}E${exponent.replace('+', '')}`;
}

/** DuckDB lets a sum grow past its own type; Trino does not. */
function decimalText(value: DuckDBDecimalValue): string {
  if (value.value.toString().replace('-', '').length > value.width)
    throw new QueryFailure('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow');
  return value.toString();
}

function integerText(value: bigint): string {
  if (value > BIGINT_MAX || value < -BIGINT_MAX - 1n)
    throw new QueryFailure('NUMERIC_VALUE_OUT_OF_RANGE', `bigint overflow: ${value}`);
  return value.toString();
}

/** Numbers of JavaScript are whole in an integer column and a double's in a floating one. */
const numberText = (value: number, type: DuckDBType): string =>
  type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT ? doubleText(value) : String(value);

const inner = (value: DuckDBValue, type: DuckDBType): string => valueText(value, type) ?? 'null';

function nestedText(value: DuckDBValue, type: DuckDBType): string | undefined {
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType)
    return `[${value.items.map((item) => inner(item, type.valueType)).join(', ')}]`;
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType) {
    const pairs = value.entries.map(({ key, value: of }) => `${inner(key, type.keyType)}=${inner(of, type.valueType)}`);
    return `{${pairs.join(', ')}}`;
  }
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType) {
    const fields = Object.values(value.entries).map(
      (field, i) => `${type.entryNames[i]}=${inner(field, type.entryTypes[i] ?? type)}`,
    );
    return `{${fields.join(', ')}}`;
  }
  return undefined;
}

function timeText(value: DuckDBValue): string | undefined {
  if (value instanceof DuckDBTimestampValue) return instantText(value.micros);
  if (value instanceof DuckDBTimestampTZValue) return `${instantText(value.micros)} UTC`;
  if (value instanceof DuckDBTimestampMillisecondsValue) return instantText(value.millis * 1000n);
  if (value instanceof DuckDBTimestampSecondsValue) return instantText(value.seconds * 1_000_000n);
  if (value instanceof DuckDBTimestampNanosecondsValue) return instantText(value.nanos / 1000n);
  return undefined;
}

/** A value of a column's type as the text of Athena's results; undefined for NULL. */
export function valueText(value: DuckDBValue, type: DuckDBType): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'bigint') return integerText(value);
  if (typeof value === 'number') return numberText(value, type);
  if (value instanceof DuckDBDecimalValue) return decimalText(value);
  if (value instanceof DuckDBBlobValue)
    return Buffer.from(value.bytes)
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
  return nestedText(value, type) ?? timeText(value) ?? String(value);
}
