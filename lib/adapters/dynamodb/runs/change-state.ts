import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { type RunsTable, STATE } from './runs-table.ts';

/** One conditional write to a stored item: `#name` stands for the attribute of that name. */
export interface StateChange {
  readonly set: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Makes the change and returns the state after it; undefined where the condition did not hold. */
export async function changeState<Schema extends z.ZodType>(
  { client, tableName }: RunsTable,
  pk: string,
  schema: Schema,
  { set, condition, values }: StateChange,
): Promise<z.infer<Schema> | undefined> {
  const names = `${set} ${condition}`.match(/#\w+/g) ?? [];
  try {
    const { Attributes } = await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk, sk: STATE },
        UpdateExpression: `SET ${set}`,
        ConditionExpression: condition,
        ...(names.length > 0
          ? { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) }
          : {}),
        ExpressionAttributeValues: { ...values },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return schema.parse(Attributes);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
