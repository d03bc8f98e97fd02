import { describe, expect, test } from 'vitest';
import { endingOf } from '../../../../lib/pipeline/split-bill/ending-of.ts';

const where = { step: 'SplitByShard', reference: 'run_1' };
const problem = { code: 'file_changed', details: { file: 'a.parquet' } };

describe('What an error of a state means', () => {
  test.each([
    [
      'a problem that a function threw',
      {
        Error: 'Quarantined',
        Cause: JSON.stringify({ errorType: 'Quarantined', errorMessage: JSON.stringify(problem), trace: [] }),
      },
      { status: 'Quarantined', reason: problem },
    ],
    [
      'a problem that a worker answered its token with',
      { Error: 'Quarantined', Cause: JSON.stringify(problem) },
      { status: 'Quarantined', reason: problem },
    ],
    ['a run that was overtaken', { Error: 'Superseded', Cause: 'anything' }, { status: 'Superseded', reason: null }],
    [
      'a query that failed, in its envelope',
      {
        Error: 'States.TaskFailed',
        Cause: JSON.stringify({
          QueryExecution: { Status: { State: 'FAILED', StateChangeReason: 'COLUMN_NOT_FOUND: line 1:8' } },
        }),
      },
      {
        status: 'Failed',
        reason: { code: 'query_failed', details: { step: 'SplitByShard', reason: 'COLUMN_NOT_FOUND: line 1:8' } },
      },
    ],
    [
      'a query that was cancelled without a word',
      { Error: 'States.TaskFailed', Cause: JSON.stringify({ QueryExecutionId: 'q', Status: { State: 'CANCELLED' } }) },
      { status: 'Failed', reason: { code: 'query_failed', details: { step: 'SplitByShard', reason: 'CANCELLED' } } },
    ],
    [
      'a task that came to the dead-letter queue',
      {
        Error: 'WorkerFailed',
        Cause: JSON.stringify({ code: 'worker_failed', details: { step: 'PriceShards', reason: 'three times' } }),
      },
      { status: 'Failed', reason: { code: 'worker_failed', details: { step: 'PriceShards', reason: 'three times' } } },
    ],
    [
      'a worker that was not heard of',
      { Error: 'States.HeartbeatTimeout' },
      {
        status: 'Failed',
        reason: { code: 'worker_failed', details: { step: 'SplitByShard', reason: 'States.HeartbeatTimeout' } },
      },
    ],
    [
      'a fault of ours, whose words stay in the log',
      { Error: 'TypeError', Cause: JSON.stringify({ errorType: 'TypeError', errorMessage: 'x is undefined' }) },
      { status: 'Failed', reason: { code: 'internal', details: { reference: 'run_1' } } },
    ],
    [
      'a quarantine that says nothing',
      { Error: 'Quarantined', Cause: 'not JSON' },
      { status: 'Failed', reason: { code: 'internal', details: { reference: 'run_1' } } },
    ],
  ])('%s', (_, error, ending) => expect(endingOf(error, where)).toEqual(ending));
});
