import type { listRuns as contract } from '../../contracts/runs/list-runs.ts';
import type { RunStore } from '../../ports/run-store.ts';
import { answerPage } from '../answer-page.ts';
import type { UseCase } from '../use-case.ts';
import { answerRun } from './answer-run.ts';

/** Lists runs, newest first. */
export const listRuns =
  (deps: { runs: RunStore }): UseCase<typeof contract> =>
  async ({ query }) => ({ body: answerPage(await deps.runs.list(query), answerRun) });
