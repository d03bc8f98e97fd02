import { z } from 'zod';
import { validationProblem } from './dynamodb-problem.ts';

/** An attribute's value in DynamoDB's JSON: one member, named for the type. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export const AttributeValue: z.ZodType<AttributeValue> = z.record(z.string(), z.unknown());

/** An item, or the key of one. */
export const Item = z.record(z.string(), AttributeValue);
export type Item = z.infer<typeof Item>;

function sizeOf(type: string, value: unknown): number {
  if (type === 'N') return Math.min(21, Math.ceil(String(value).replace(/[^\d]/g, '').length / 2) + 1);
  if (type === 'B') return Buffer.from(String(value), 'base64').length;
  if (type === 'NULL' || type === 'BOOL') return 1;
  if (type === 'M') return 3 + itemSizeBytes(Item.parse(value));
  if (!Array.isArray(value)) return Buffer.byteLength(String(value));
  const sizes = value.map((each) =>
    type === 'L' ? 1 + valueSizeBytes(AttributeValue.parse(each)) : sizeOf(type.slice(0, 1), each),
  );
  return sizes.reduce((sum, size) => sum + size, type === 'L' ? 3 : 0);
}

const valueSizeBytes = (value: AttributeValue): number =>
  Object.entries(value).reduce((sum, [type, inner]) => sum + sizeOf(type, inner), 0);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function itemSizeBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSizeBytes(value), 0);
}

/** "The maximum item size in DynamoDB is 400 KB, which includes both attribute name binary length (UTF-8 length) and values". */
const ITEM_BYTES_MAX = 400 * 1024;

/**
 * dynalite counts the characters of a text, DynamoDB its bytes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items
 * @throws DynamoDbProblem ValidationException
 */
export function requireItemSize(item: Item): void {
  if (itemSizeBytes(item) > ITEM_BYTES_MAX) throw validationProblem('Item size has exceeded the maximum allowed size');
}
