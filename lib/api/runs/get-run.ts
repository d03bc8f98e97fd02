import { z } from 'zod';
import type { getRun as contract } from '../../contracts/runs/get-run.ts';
import { RunSummary } from '../../contracts/runs/run-summary.ts';
import { Problem } from '../../domain/problem.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { RunStore } from '../../ports/run-store.ts';
import type { UseCase } from '../use-case.ts';
import { answerRun } from './answer-run.ts';

/** Answers one run with its reconciled figures, as Reconcile wrote them. */
export const getRun =
  (deps: { runs: RunStore; lake: ObjectStore }): UseCase<typeof contract> =>
  async ({ params: { runId } }) => {
    const run = await deps.runs.find(runId);
    if (!run) throw new Problem('not_found', { what: 'run', id: runId });
    const summary = run.summaryKey ? await deps.lake.readText(run.summaryKey) : undefined;
    const totals = summary ? z.array(RunSummary).parse(JSON.parse(summary.text)) : [];
    return { body: { ...answerRun(run), totals } };
  };
