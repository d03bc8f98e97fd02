import { expect, test } from 'vitest';
import { failDeadTask } from '../../../lib/pipeline/fail-dead-task.ts';
import { memoryTokens } from './receive-bill/memory-stores.ts';

test('a task that no worker finished fails by name, with the step and what was tried', async () => {
  const tokens = memoryTokens();
  await failDeadTask({ tokens })({ token: 'a', deliveryId: 'dlv_1', batch: 3 });
  await failDeadTask({ tokens })({ token: 'b', runId: 'run_1', planKey: 'k', attempt: '0-0', shard: 5, fence: 1 });
  const cause = (step: string, what: string) =>
    JSON.stringify({ code: 'worker_failed', details: { step, reason: `every attempt at ${what} broke off` } });
  expect([...tokens.answers]).toEqual([
    ['a', { error: 'WorkerFailed', cause: cause('ConvertFiles', 'dlv_1, batch 3') }],
    ['b', { error: 'WorkerFailed', cause: cause('PriceShards', 'run_1, shard 5') }],
  ]);
});

test('a token that is dead already is no error', async () => {
  const tokens = memoryTokens(new Set(['a']));
  expect(await failDeadTask({ tokens })({ token: 'a', deliveryId: 'dlv_1', batch: 0 })).toMatchObject({
    outcome: 'dead',
  });
});
