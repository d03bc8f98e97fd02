import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiProblem } from '../../infra/cli/api-client.ts';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import { getCosts } from '../../lib/contracts/costs/get-costs.ts';
import { closeMonth } from '../../lib/contracts/months/close-month.ts';
import { repriceMonth } from '../../lib/contracts/months/reprice-month.ts';
import { listPeriods } from '../../lib/contracts/periods/list-periods.ts';
import { rollbackPeriod } from '../../lib/contracts/periods/rollback-period.ts';
import { unpinPeriod } from '../../lib/contracts/periods/unpin-period.ts';
import { createRule } from '../../lib/contracts/rules/create-rule.ts';
import { deleteRule } from '../../lib/contracts/rules/delete-rule.ts';
import { getPreview } from '../../lib/contracts/rules/get-preview.ts';
import { getRule } from '../../lib/contracts/rules/get-rule.ts';
import { listRules } from '../../lib/contracts/rules/list-rules.ts';
import { previewRule } from '../../lib/contracts/rules/preview-rule.ts';
import { updateRule } from '../../lib/contracts/rules/update-rule.ts';
import { getRun } from '../../lib/contracts/runs/get-run.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { COST_COLUMNS } from '../../lib/focus/columns.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { donePreview } from '../lib/api/done-preview.ts';
import { csvOf } from './csv.ts';
import { PATIENT, until } from './deliver-anyhow.ts';
import { exact, multiply, plain, sumOf } from './exact.ts';
import { forgetAtOnce } from './forget-at-once.ts';
import { openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { OWNED, openSmallPartner, SMALL_BILL } from './small-partner.ts';

const PERIOD = '2025-03';
const NAMES = Object.keys(OWNED) as (keyof typeof OWNED)[];

/** A rule on one service of all customers, with so much more on top. */
const uplift = (offsetPercent: string) => ({
  name: 'Compute uplift',
  type: 'rerate' as const,
  base: 'billed_cost' as const,
  offsetPercent,
  startDate: '2025-03-01',
  customers: 'all' as const,
  filter: { field: 'ServiceName' as const, op: 'in' as const, values: ['Amazon EC2'] },
});

describe('a change of a rule over the API prices what is published anew', PATIENT, () => {
  let product: Product;
  let ids: Awaited<ReturnType<typeof openSmallPartner>>['ids'];
  let ruleId: string;
  let etag: string;

  beforeAll(async () => {
    ({ product, ids } = await openSmallPartner([], () => openEdited({ edit: forgetAtOnce })));
  });
  afterAll(() => product.close());

  const costs = async () => {
    const answers = NAMES.map(async (name) => {
      const query = { period: PERIOD, customerId: ids[name] };
      const { items, totals, recomputing } = (await product.api.call(getCosts, { query })).body;
      return { items, totals, recomputing };
    });
    return await Promise.all(answers);
  };
  const billed = async () => (await costs()).map(({ totals }) => totals.map(({ BilledCost }) => BilledCost));
  /** What the bill comes to by hand. */
  const expected = (factor: string, bill = SMALL_BILL) =>
    NAMES.map((name) => {
      const rows = bill.filter(({ SubAccountId }) => OWNED[name].some((id) => id === SubAccountId));
      return [
        sumOf(
          rows.map(({ BilledCost = '', ServiceName }) =>
            plain(multiply(exact(BilledCost), exact(ServiceName === 'Amazon EC2' ? factor : '1'))),
          ),
        ),
      ];
    });
  const publishedRun = async () => {
    const [period] = (await product.api.call(listPeriods)).body.items;
    return (await product.api.call(getRun, { params: { runId: period?.published?.runId ?? '' } })).body;
  };
  const problemOf = async (call: Promise<unknown>) => {
    const problem = await call.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(problem instanceof ApiProblem)) throw new Error('the call was answered');
    return [problem.status, problem.code];
  };
  /** The figures of a preview, customer by customer in our order. */
  const preview = async (offsetPercent: string, of?: string) => {
    const body = { rule: uplift(offsetPercent), ...(of === undefined ? {} : { ruleId: of }) };
    const answer = await product.api.call(previewRule, { body });
    const { customers, period, rowsApplied } = donePreview(answer.body);
    expect([period, rowsApplied]).toEqual([PERIOD, 3]);
    return NAMES.map((name) => customers.find((one) => one.name === name));
  };
  /** A preview and the run after it say the same, in every cost, and for the rule itself. */
  const expectAsPreviewed = async (previewed: Awaited<ReturnType<typeof preview>>) => {
    const after = await costs();
    const [figures] = (await publishedRun()).totals;
    for (const [index, name] of NAMES.entries()) {
      const charged = figures?.customers.find((one) => one.name === name);
      for (const cost of COST_COLUMNS) {
        expect(
          after[index]?.totals.map((total) => total[cost]),
          `${name} ${cost}`,
        ).toEqual([previewed[index]?.after[cost]]);
        expect(charged?.charged[cost]).toBe(previewed[index]?.after[cost]);
      }
    }
  };

  let without: Awaited<ReturnType<typeof costs>>;

  test('a preview changes nothing and says what the rule would do, to the last digit', async () => {
    without = await costs();
    expect(await billed()).toEqual(expected('1'));
    const previewed = await preview('10');
    expect(previewed.map((one) => [one?.before.BilledCost])).toEqual(expected('1'));
    expect(previewed.map((one) => [one?.after.BilledCost])).toEqual(expected('1.1'));
    expect(await costs()).toEqual(without);
    expect((await product.api.call(listRules)).body.items).toEqual([]);
  });

  test('a preview as a job says the same as one made at once, and how far it is until then', async () => {
    const body = { rule: uplift('10'), groupBy: ['service' as const] };
    const atOnce = (await product.api.call(previewRule, { body })).body;
    const asked = (await product.api.call(previewRule, { body: { ...body, background: true } })).body;
    if (asked.status !== 'running') throw new Error('it was answered at once');
    expect(asked).toMatchObject({ rowsDone: 0, rowsTotal: 6 });
    const ended = await until('the preview is made', async () => {
      const { body: job } = await product.api.call(getPreview, { params: { previewId: asked.id } });
      return job.status === 'running' ? undefined : job;
    });
    expect(ended).toEqual(atOnce);
  });

  test('a rule that is made is in the figures at once, and they are those of its preview', async () => {
    const previewed = await preview('10');
    const before = await publishedRun();
    const made = await product.api.call(createRule, { body: uplift('10') });
    [ruleId, etag] = [made.body.id, made.etag ?? ''];
    await product.published();
    expect(await billed()).toEqual(expected('1.1'));
    await expectAsPreviewed(previewed);
    const now = await publishedRun();
    expect([now.id === before.id, now.deliveryId === before.deliveryId]).toEqual([false, true]);
    expect(now.configRevision).toBeGreaterThan(before.configRevision);
    expect(Object.keys(before.steps)).toEqual(expect.arrayContaining(['MeasureBill', 'SplitByShard']));
    expect(Object.keys(now.steps).toSorted()).toEqual(
      ['AcquireLease', 'PlanShards', 'PriceShards', 'Publish', 'Reconcile'].toSorted(),
    );
    expect(now.totals[0]?.customers.map(({ rules }) => rules.map(({ name, rows }) => [name, rows]))).toEqual([
      [['Compute uplift', 2]],
      [['Compute uplift', 1]],
    ]);
  });

  test('an edit must name the version it is based on, and that must be the current one', async () => {
    const change = { params: { ruleId }, body: uplift('20') };
    expect(await problemOf(product.api.call(updateRule, change))).toEqual([428, 'precondition_required']);
    expect(await problemOf(product.api.call(updateRule, { ...change, ifMatch: '"99"' }))).toEqual([
      412,
      'precondition_failed',
    ]);
    expect(await problemOf(product.api.call(deleteRule, { params: { ruleId } }))).toEqual([
      428,
      'precondition_required',
    ]);
    expect((await product.api.call(getRule, { params: { ruleId } })).body).toMatchObject({
      version: 1,
      rule: { offsetPercent: '10' },
    });
    const previewed = await preview('20', ruleId);
    const edited = await product.api.call(updateRule, { ...change, ifMatch: etag });
    expect(edited.body).toMatchObject({ id: ruleId, version: 2 });
    await product.published();
    expect(await billed()).toEqual(expected('1.2'));
    await expectAsPreviewed(previewed);
    expect(await problemOf(product.api.call(updateRule, { ...change, ifMatch: etag }))).toEqual([
      412,
      'precondition_failed',
    ]);
    etag = edited.etag ?? '';
  });

  test('a rule that is switched off does nothing', async () => {
    const off = { params: { ruleId }, body: { ...uplift('20'), enabled: false }, ifMatch: etag };
    etag = (await product.api.call(updateRule, off)).etag ?? '';
    await product.published();
    expect(await costs()).toEqual(without);
  });

  test('a rule that is deleted leaves the figures as they were before it, to the last digit', async () => {
    const on = { params: { ruleId }, body: uplift('30'), ifMatch: etag };
    etag = (await product.api.call(updateRule, on)).etag ?? '';
    await product.published();
    expect(await billed()).toEqual(expected('1.3'));
    await product.api.call(deleteRule, { params: { ruleId }, ifMatch: etag });
    await product.published();
    expect(await costs()).toEqual(without);
    expect(await problemOf(product.api.call(getRule, { params: { ruleId } }))).toEqual([404, 'not_found']);
  });

  test('a rule of another period changes nothing here, also after the schedule has looked at it', async () => {
    const before = await publishedRun();
    await product.api.call(createRule, { body: { ...uplift('50'), startDate: '2025-04-01' } });
    const { machine } = product;
    await machine.eventBridge.fireSchedule(machine.resource('AWS::Events::Rule', 'PipelineSweep').name);
    await product.published();
    expect(await costs()).toEqual(without);
    expect((await publishedRun()).id).toBe(before.id);
  });

  test('what no run can go back to is swept, and everything that can be read or priced again stays', async () => {
    const { machine, api } = product;
    const [period] = (await api.call(listPeriods)).body.items;
    const { published, earlier = [] } = period ?? {};
    const kept = [published, ...earlier].map((run) => run?.runId ?? '');
    const { items } = (await api.call(listRuns)).body;
    const gone = items.filter(({ id, status }) => status === 'Published' && !kept.includes(id)).map(({ id }) => id);
    expect([kept.length, gone.length]).toEqual([4, 2]);
    const lake = lakeOf(machine);
    const keysOf = async (runId: string) => (await lake.list(`runs/${runId}/`)).map(({ key }) => key);
    const split = (await keysOf(gone.at(-1) ?? '')).filter((key) => key.includes('/split/'));
    const results = async () => (await lake.list('results/')).length;
    const before = await results();
    expect(split).not.toEqual([]);
    await machine.eventBridge.fireSchedule(machine.resource('AWS::Events::Rule', 'PipelineHourlySweep').name);
    const left = await until('the oldest run is swept', async () => {
      const keys = await keysOf(gone.at(-1) ?? '');
      return keys.length === split.length + 1 ? keys : undefined;
    });
    expect(left).toEqual([...split, LAKE.summary(gone.at(-1) ?? '')].toSorted());
    expect(before - (await results())).toBeGreaterThan(0);
    expect(await costs()).toEqual(without);
    const back = earlier.at(-1)?.runId ?? '';
    await api.call(rollbackPeriod, { params: { integrationId: 'acme', period: PERIOD }, body: { runId: back } });
    await until('the customers’ lists are the earlier run’s', async () =>
      JSON.stringify(await billed()) === JSON.stringify(expected('1.2')) ? true : undefined,
    );
    await api.call(unpinPeriod, { params: { integrationId: 'acme', period: PERIOD } });
    await api.call(createRule, { body: uplift('40') });
    await product.published();
    expect(await billed()).toEqual(expected('1.4'));
    expect(Object.keys((await publishedRun()).steps)).not.toContain('SplitByShard');
  });

  test('BR-24 CH-24 a closed month stays as it was closed, and is priced again when asked, by what it was closed with', async () => {
    const params = { period: PERIOD };
    const made = await product.api.call(createRule, { body: uplift('10') });
    await product.published();
    expect(await billed()).toEqual(expected('1.1'));
    await until('the month is closed', () => product.api.call(closeMonth, { params }).catch(() => undefined));
    const change = { params: { ruleId: made.body.id }, body: uplift('20'), ifMatch: made.etag ?? '' };
    await product.api.call(updateRule, change);
    const newer = SMALL_BILL.slice(1);
    await product.receive('acme', 'bill.csv', csvOf(newer));
    const { machine } = product;
    await machine.eventBridge.fireSchedule(machine.resource('AWS::Events::Rule', 'PipelineSweep').name);
    await product.published();
    expect(await billed()).toEqual(expected('1.1'));
    const before = (await product.api.call(listPeriods)).body.items[0];
    expect(before?.published?.deliveryId).not.toBe(before?.wantedDeliveryId);
    await product.api.call(repriceMonth, { params });
    await product.published();
    expect(await billed()).toEqual(expected('1.1', newer));
    expect(await problemOf(product.api.call(repriceMonth, { params }))).toEqual([409, 'nothing_to_reprice']);
  });
});
