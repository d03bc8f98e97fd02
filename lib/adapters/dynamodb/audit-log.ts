import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditLog } from '../../ports/audit-log.ts';

/** Appends to the audit table: a partition for each day, in the order of time. A line that is there is never replaced. */
export function dynamoDbAuditLog(table: { client: DynamoDBDocumentClient; tableName: string }): AuditLog {
  return {
    append: async (record) => {
      const { at, requestId, kind } = record;
      await table.client.send(
        new PutCommand({
          TableName: table.tableName,
          Item: { pk: `AUDIT#${at.slice(0, 10)}`, sk: `${at}#${requestId}#${kind}`, ...record },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },
  };
}
