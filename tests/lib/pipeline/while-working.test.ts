import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { whileWorking } from '../../../lib/pipeline/while-working.ts';
import { memoryTokens } from './receive-bill/memory-stores.ts';

test('a worker says that it lives at once and again and again, until the work is done', async () => {
  const tokens = memoryTokens();
  const done = await whileWorking({ tokens, token: 'a', everySeconds: 0.01 }, async () => {
    await pause(100);
    return 'done';
  });
  const said = tokens.heartbeats.length;
  await pause(50);
  expect(done).toBe('done');
  expect(said).toBeGreaterThan(2);
  expect(tokens.heartbeats).toHaveLength(said);
});

test('a dead token means that nobody waits: the work is not done', async () => {
  let worked = false;
  const answer = await whileWorking({ tokens: memoryTokens(new Set(['a'])), token: 'a' }, async () => {
    worked = true;
  });
  expect([answer, worked]).toEqual(['dead', false]);
});

test('a later word that gets lost stops nothing', async () => {
  const tokens = memoryTokens();
  let words = 0;
  const heartbeat = async () => {
    words += 1;
    if (words > 1) throw new Error('the network is away');
    return true;
  };
  const work = whileWorking({ tokens: { ...tokens, heartbeat }, token: 'a', everySeconds: 0.01 }, () =>
    pause(60, 'done'),
  );
  expect(await work).toBe('done');
  expect(words).toBeGreaterThan(1);
});
