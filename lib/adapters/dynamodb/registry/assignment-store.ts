import { Assignment } from '../../../domain/assignment.ts';
import { touchedByAssignments } from '../../../domain/touched-by.ts';
import type { AssignmentStore } from '../../../ports/assignment-store.ts';
import { transactChange } from './config-changes.ts';
import { getItem } from './get-item.ts';
import { queryPage } from './query-partition.ts';
import { PARTITIONS, type RegistryTable } from './registry-table.ts';

const StoredAssignment = Assignment.strip();

/** Owners of sub accounts in the registry: one item per sub account (and provider, where it is given). */
export function dynamoDbAssignmentStore(table: RegistryTable): AssignmentStore {
  const find: AssignmentStore['find'] = (subAccountId, provider) =>
    getItem(table, { pk: PARTITIONS.assignments, sk: assignmentKey(subAccountId, provider) }, StoredAssignment);
  return {
    find,
    list: (query) => queryPage(table, PARTITIONS.assignments, StoredAssignment, query),
    async replaceAll(assignments) {
      // What is read here is what is replaced: each write holds on the version before it.
      const changes = await Promise.all(
        assignments.map(async (after) => ({ before: await find(after.subAccountId, after.provider), after })),
      );
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
      return (await transactChange(table, puts, touchedByAssignments(changes))) === 'done' ? 'replaced' : 'stale';
    },
  };
}

/** Ids ignore the case of ASCII letters only (`pricing.md` §4); no id or provider contains U+0000. */
function assignmentKey(subAccountId: string, provider: string | null): string {
  const id = subAccountId.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return provider === null ? id : `${id}\u0000${provider}`;
}
