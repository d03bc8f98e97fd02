import type { listAssignments as contract } from '../../contracts/assignments/list-assignments.ts';
import type { AssignmentStore } from '../../ports/assignment-store.ts';
import { answerPage } from '../answer-page.ts';
import type { UseCase } from '../use-case.ts';
import { answerAssignment } from './answer-assignment.ts';

/** Lists who owns which sub account. */
export const listAssignments =
  (deps: { assignments: AssignmentStore }): UseCase<typeof contract> =>
  async ({ query }) => ({ body: answerPage(await deps.assignments.list(query), answerAssignment) });
