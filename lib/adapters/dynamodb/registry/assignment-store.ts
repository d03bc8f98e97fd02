import { Assignment } from '../../../domain/assignment.ts';
import type { AssignmentStore } from '../../../ports/assignment-store.ts';
import { getItem } from './get-item.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable, raiseRevision } from './registry-table.ts';
import { transact } from './transact.ts';

const StoredAssignment = Assignment.strip();

/** Owners of sub accounts in the registry: one item per sub account (and provider, where it is given). */
export function dynamoDbAssignmentStore(table: RegistryTable): AssignmentStore {
  return {
    find: (subAccountId, provider) =>
      getItem(table, { pk: PARTITIONS.assignments, sk: assignmentKey(subAccountId, provider) }, StoredAssignment),
    list: (query) => queryPage(table, PARTITIONS.assignments, StoredAssignment, query),
    async replaceAll(assignments) {
      const puts = assignments.map((assignment) => ({
        Put: {
          TableName: table.tableName,
          Item: {
            pk: PARTITIONS.assignments,
            sk: assignmentKey(assignment.subAccountId, assignment.provider),
            ...assignment,
          },
          ...(assignment.version === 1
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: 'version = :before',
                ExpressionAttributeValues: { ':before': assignment.version - 1 },
              }),
        },
      }));
      return (await transact(table, [...puts, raiseRevision(table)])) === 'done' ? 'replaced' : 'stale';
    },
  };
}

/** Ids ignore the case of ASCII letters only (`pricing.md` §4); no id or provider contains U+0000. */
function assignmentKey(subAccountId: string, provider: string | null): string {
  const id = subAccountId.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return provider === null ? id : `${id}\u0000${provider}`;
}
