import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { createCustomer } from '../../../lib/contracts/customers/create-customer.ts';
import { getPreview } from '../../../lib/contracts/rules/get-preview.ts';
import { previewRule } from '../../../lib/contracts/rules/preview-rule.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { LAKE } from '../../../lib/names/lake-keys.ts';
import { openPreviewWorld } from './published-costs.ts';

let world: Awaited<ReturnType<typeof openPreviewWorld>>;
let T1: CustomerId;
const opened: (typeof world)[] = [];

beforeEach(async () => {
  world = await openPreviewWorld();
  opened.push(world);
  T1 = (await world.api.call(createCustomer, { body: { name: 'T1' } })).body.id;
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

const RULE = { name: 'r', type: 'rerate', base: 'billed_cost', offsetPercent: '10', startDate: '2025-01-01' };
const publish = (integration: string, rowsSaid: number) =>
  world.publish({
    ...{ integration, period: '2025-03', rowsSaid },
    rows: [{ x_RowId: 'a', x_Owner: T1, BilledCost: '80', EffectiveCost: '80', ContractedCost: '80', ListCost: '80' }],
  });
const ask = async (more: object = {}) =>
  (await world.api.call(previewRule, { body: { rule: { ...RULE, customers: [T1] }, ...more } })).body;
const read = async (previewId: string) => (await world.api.call(getPreview, { params: { previewId } })).body;

/** Asks for a preview that becomes a job; its id. */
async function askForJob(more: object = {}): Promise<string> {
  const answer = await ask(more);
  if (answer.status !== 'running') throw new Error('it was answered at once');
  return answer.id;
}

describe('A preview of many rows', () => {
  test('is answered at once up to 100,000 rows in scope, and as a job beyond', async () => {
    await publish('one', 50_000);
    await publish('two', 50_000);
    expect((await ask()).status).toBe('done');
    await publish('three', 1);
    expect(await ask()).toMatchObject({ status: 'running', rowsDone: 0, rowsTotal: 100_001 });
  });

  test('says how far it is, and then what one made at once would say', async () => {
    await publish('one', 40_000);
    await publish('two', 50_000);
    const atOnce = await ask({ groupBy: ['service'] });
    const id = await askForJob({ groupBy: ['service'], background: true });
    expect(await read(id)).toEqual({
      ...{ status: 'running', id, startedAt: expect.any(String), rowsDone: 0, rowsTotal: 90_000 },
    });
    const seen: string[] = [];
    const set = world.lake.texts.set.bind(world.lake.texts);
    world.lake.texts.set = (key, text) => {
      if (key === LAKE.preview(id)) seen.push(String(JSON.parse(text).rowsDone));
      return set(key, text);
    };
    await world.runJobs();
    expect(seen).toEqual(['0', '40000', '90000', '90000']);
    expect(await read(id)).toEqual(atOnce);
  });

  test('that came to nothing says why', async () => {
    await publish('one', 1);
    const id = await askForJob({ background: true });
    const file = [...world.lake.files.keys()][0] ?? '';
    world.lake.files.delete(file);
    await expect(world.runJobs()).rejects.toThrow('vanish');
    expect(await read(id)).toMatchObject({ status: 'failed', reason: { code: 'worker_failed' } });
  });

  test('that was not heard of for hours has failed', async () => {
    await publish('one', 1);
    const id = await askForJob({ background: true });
    const key = LAKE.preview(id);
    const job = JSON.parse(world.lake.texts.get(key) ?? '');
    world.lake.texts.set(key, JSON.stringify({ ...job, updatedAt: '2025-03-15T06:00:00.000Z' }));
    expect(await read(id)).toMatchObject({ status: 'failed', reason: { code: 'worker_failed' } });
  });

  test('is refused like any other, before it becomes a job', async () => {
    expect(
      await world.api.refused(previewRule, { body: { rule: { ...RULE, customers: [T1] }, background: true } }),
    ).toMatchObject({ status: 409, code: 'nothing_published' });
    expect(await world.api.refused(getPreview, { params: { previewId: `prv_${'0'.repeat(32)}` } })).toMatchObject({
      status: 404,
    });
  });
});
