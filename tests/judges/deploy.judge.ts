import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyConfig, connectIntegration } from '../../infra/cli/apply-config.ts';
import { ApportionConfig } from '../../infra/cli/config/apportion-config.ts';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import { createSampleFile, SAMPLE } from '../../infra/cli/sample.ts';
import { sayProgress } from '../../infra/cli/say.ts';
import { synthesize } from '../../infra/cli/synthesize.ts';
import { listCustomers } from '../../lib/contracts/customers/list-customers.ts';
import { listDeliveries } from '../../lib/contracts/deliveries/list-deliveries.ts';
import { PARAMETERS } from '../../lib/names/parameters.ts';
import { sampleConfig } from '../../lib/sample-bill/sample-config.ts';
import { csvOf } from '../journeys/csv.ts';
import { idOf, parseTemplate, propertiesOf } from '../journeys/edited-template.ts';
import { openProduct } from '../journeys/open-product.ts';
import { OWNED, SMALL_BILL } from '../journeys/small-partner.ts';
import { type Cloud, cloudAt } from './deploy/cloud.ts';
import { costsByCustomer } from './deploy/costs-by-customer.ts';
import { type Deployment, openDeployment } from './deploy/deployment.ts';
import { differencesOf, type PublishedTables, publishedTables, rowCount } from './deploy/published-tables.ts';
import { Stack, uploadCode } from './deploy/stack.ts';
import { type Denial, type Ministack, startMinistack } from './deploy/start-ministack.ts';
import { ourAnswer, type TakenGrant, withoutGrant } from './deploy/taken-grants.ts';
import { judged, planted } from './judged.ts';
import { JUDGES } from './judges.ts';

const PROJECT = join(import.meta.dirname, '../..');

/** Steps of a bill's way, one after the other: what each does first under a right that no other step would use for it. */
const TAKEN: readonly TakenGrant[] = [
  { role: 'PipelineReceiveRegisterDeliveryRole', action: 'dynamodb:UpdateItem' },
  { role: 'PipelineSplitAcquireLeaseRole', action: 's3:PutObject' },
  { role: 'PipelineSplitPlanShardsRole', action: 'athena:GetQueryResults' },
  { role: 'PipelineSplitReconcileRole', action: 's3:GetObject' },
  { role: 'PipelineSplitPublishRole', action: 'dynamodb:UpdateItem' },
];
const WORKER_WRITES: TakenGrant = { role: 'PipelineSplitPriceShardRole', action: 's3:PutObject' };

/** Longer than any step takes on a machine that is busy with others’ work too. */
const PATIENCE_MILLISECONDS = 900_000;

/** Types whose physical name is one only within the database or API it belongs to. */
const NAMED_WITHIN = ['AWS::ApiGatewayV2::Stage', 'AWS::Glue::Table'];

describe('ministack, which asks IAM before each call', () => {
  let folder: string;
  let template: string;
  let ministack: Ministack | undefined;
  let cloud: Cloud;
  let stack: Stack;
  let deployment: Deployment;
  let published: PublishedTables;
  const say = sayProgress(false);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'apportion-deploy-'));
    template = await readFile(await synthesize(PROJECT), 'utf8');
  });
  afterAll(async () => {
    cloud?.close();
    await ministack?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The small bill of the journeys, in a file of its own. */
  const smallBill = async () => {
    const path = join(folder, 'small.csv');
    await writeFile(path, csvOf(SMALL_BILL));
    return path;
  };
  /** Delivers the small bill to a new integration and waits until it is published. */
  const deliverTo = async (to: Deployment, id: string) => {
    await connectIntegration(to.api, { id, name: id, delivery: 'files' });
    await to.deliver(id, `${id}/small.csv`, await smallBill());
  };
  const statusOf = async (url: string, token?: string) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(url, { headers })).status;
  };

  test(
    'creates a stack of the template as it was synthesized, from its address',
    judged(JUDGES.ministack, 'the template, created from its TemplateURL', async () => {
      ministack = await startMinistack({ authorize: true });
      cloud = cloudAt(ministack.endpoint);
      say('uploading the functions');
      await uploadCode(cloud);
      stack = new Stack(cloud, 'apportion-one');
      say('creating the stack');
      const status = await stack.create(template);
      expect([status, await stack.failures()]).toEqual(['CREATE_COMPLETE', []]);
      deployment = await openDeployment(cloud, stack, template, say);
      return { count: `${(await stack.resources()).size} resources` };
    }),
  );

  test(
    'publishes of the sample row for row what npm start does',
    judged(JUDGES.ministack, 'the sample by PutObject, with AUTH=true: rows as of npm start', async () => {
      const config = ApportionConfig.parse(sampleConfig(SAMPLE.period));
      const sample = await createSampleFile(folder);
      await connectIntegration(deployment.api, { id: SAMPLE.integrationId, name: 'Sample', delivery: 'files' });
      await applyConfig(deployment.api, config);
      await deployment.deliver(SAMPLE.integrationId, SAMPLE.key, sample);
      say('reading what is published');
      published = await publishedTables(deployment);
      expect(await ministack?.denials()).toEqual([]);

      say('the same on our own machine');
      const ours = await openProduct();
      try {
        await ours.connect(SAMPLE.integrationId);
        await ours.configure(config);
        await ours.receiveFiles(SAMPLE.integrationId, [{ key: SAMPLE.key, path: sample }]);
        await ours.published();
        const lake = lakeOf(ours.machine);
        say('comparing');
        const expected = await publishedTables({ lake, api: ours.api });
        expect(differencesOf(expected, published)).toEqual([]);
        expect(await costsByCustomer(deployment.api, SAMPLE.period)).toEqual(
          await costsByCustomer(ours.api, SAMPLE.period),
        );
      } finally {
        await ours.close();
      }
      expect(rowCount(published)).toBeGreaterThan(SAMPLE.rows);
      return { count: `${published.size} lists, ${rowCount(published)} rows` };
    }),
  );

  test(
    'lets in who signed in to the stack’s own user pool, and nobody else',
    judged(JUDGES.ministack, 'the API, with a token and without', async () => {
      const { apiUrl, token } = deployment;
      const [header, , signature] = token.split('.');
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody' })).toString('base64url');
      const customers = `${apiUrl}/v1/customers`;
      expect(await statusOf(customers, token)).toBe(200);
      expect(await statusOf(customers)).toBe(401);
      expect(await statusOf(customers, 'no token')).toBe(401);
      expect(await statusOf(customers, `${header}.${forged}.${signature}`)).toBe(401);
      expect(await statusOf(`${apiUrl}/v1/openapi.json`)).toBe(200);
      return { count: '5 requests' };
    }),
  );

  test(
    'keeps two stacks of one account apart',
    judged(JUDGES.ministack, 'a second stack in the account', async () => {
      const other = new Stack(cloud, 'apportion-two');
      say('creating a second stack');
      expect(await other.create(template)).toBe('CREATE_COMPLETE');
      const second = await openDeployment(cloud, other, template, say);
      expect((await second.api.call(listCustomers)).body.items).toEqual([]);
      expect(await statusOf(`${second.apiUrl}/v1/customers`, deployment.token)).toBe(401);
      expect(await statusOf(`${deployment.apiUrl}/v1/customers`, second.token)).toBe(401);
      await applyConfig(second.api, smallConfig());
      await deliverTo(second, 'small');
      expect(rowCount(await publishedTables(second))).toBeGreaterThan(SMALL_BILL.length);
      expect(differencesOf(await publishedTables(deployment), published)).toEqual([]);
      const physical = async (of: Stack) =>
        [...(await of.resources()).values()]
          .filter(({ type }) => !NAMED_WITHIN.includes(type))
          .map(({ physicalId }) => physicalId);
      const ours = new Set(await physical(stack));
      expect((await physical(other)).filter((id) => ours.has(id))).toEqual([]);
      return { count: `${ours.size} resources each` };
    }),
  );

  test(
    'updates the stack to a changed template, and changes what the change set says',
    judged(JUDGES.ministack, 'a change set, executed', async () => {
      const changed = parseTemplate(template);
      const edited = [
        { type: 'AWS::Lambda::Function', idStart: 'PipelineSplitReconcile', values: { MemorySize: 4096 } },
        { type: 'AWS::SQS::Queue', idStart: 'PipelineIntakeQueue', values: { VisibilityTimeout: 400 } },
      ];
      for (const { type, idStart, values } of edited) Object.assign(propertiesOf(changed, type, idStart), values);
      const ids = edited.map(({ type, idStart }) => idOf(changed, type, idStart));
      const { changes, execute } = await stack.changeSet(JSON.stringify(changed));
      expect(changes).toEqual(expect.arrayContaining(ids.map((id) => `Modify ${id}`)));
      // What refers to a changed resource may change with it, until CloudFormation knows better.
      const listed = changes.map((change) => change.replace('Modify ', ''));
      const strangers = listed.filter((id) => {
        const text = JSON.stringify(changed.Resources[id]) ?? '';
        return !ids.includes(id) && !listed.some((other) => text.includes(`"${other}"`));
      });
      expect(strangers).toEqual([]);
      expect(await execute()).toBe('UPDATE_COMPLETE');
      expect(differencesOf(await publishedTables(deployment), published)).toEqual([]);
      await deliverTo(deployment, 'updated');
      expect(await stack.update(template)).toBe('UPDATE_COMPLETE');
      return { count: `${changes.length} changes` };
    }),
  );

  test(
    'rolls an update back that fails, and the bill after it is published',
    judged(JUDGES.ministack, 'an update that fails', async () => {
      const changed = parseTemplate(template);
      propertiesOf(changed, 'AWS::SQS::Queue', 'PipelineIntakeQueue').VisibilityTimeout = 400;
      const { codePrefix } = PARAMETERS;
      const before = stack.parameters;
      const status = await stack.update(JSON.stringify(changed), { [codePrefix]: 'there-is-none/' });
      expect([status, await stack.failures()]).toEqual([
        'UPDATE_ROLLBACK_COMPLETE',
        expect.arrayContaining([expect.stringContaining('there-is-none')]),
      ]);
      stack.parameters = before;
      await deliverTo(deployment, 'rolled-back');
      return { count: '1 update' };
    }),
  );

  test(
    'goes on after a restart with what it had',
    judged(JUDGES.ministack, 'a restart with state', async () => {
      const before = await publishedTables(deployment);
      say('restarting');
      await ministack?.restart();
      say('restarted');
      expect(differencesOf(await publishedTables(deployment), before)).toEqual([]);
      const since = (await deliveriesOf(deployment)).length;
      await deliverTo(deployment, 'restarted');
      expect(await deliveriesOf(deployment)).toHaveLength(since + 1);
      return { count: `${before.size} lists, ${rowCount(before)} rows` };
    }),
  );

  test.each(TAKEN)('refuses a bill where $role may not $action, and so do we', (grant) =>
    judged(JUDGES.ministack, `AUTH=true without ${grant.action} of ${grant.role}`, () => taken(grant))(),
  );

  // Last, and only until the refusal: a worker's message is received three times, minutes apart, before its run has failed.
  test(
    'refuses a worker that may not write what it has priced',
    planted(JUDGES.ministack, 'a missing grant, s3:PutObject of the pricing worker', async () => {
      const { without, before } = await takeOut(WORKER_WRITES);
      const id = 'without-worker';
      await connectIntegration(deployment.api, { id, name: id, delivery: 'files' });
      await deployment.put(`${id}/small.csv`, await smallBill());
      await expect.poll(() => denialsSince(before), { timeout: PATIENCE_MILLISECONDS }).not.toEqual([]);
      await expectRefused(WORKER_WRITES, without, await denialsSince(before));
    }),
  );

  /** Takes one grant out: the bill is not published, for that very call is refused, by ministack and by our evaluation. */
  async function taken(grant: TakenGrant) {
    const { without, before } = await takeOut(grant);
    const id = `without-${TAKEN.indexOf(grant) + 1}`;
    await connectIntegration(deployment.api, { id, name: id, delivery: 'files' });
    const end = await deployment.endOf(id, `${id}/small.csv`, await smallBill());
    expect(end).toMatch(/^(run|delivery) Failed$/);
    const denials = await denialsSince(before);
    await expectRefused(grant, without, denials);
    return { count: `${denials.length} refused` };
  }

  /** Updates the stack to the template without the grant. @returns how much was refused until then */
  async function takeOut(grant: TakenGrant) {
    const without = withoutGrant(template, grant);
    expect(await stack.update(without)).toBe('UPDATE_COMPLETE');
    return { without, before: (await denialsSince(0)).length };
  }

  async function denialsSince(before: number) {
    return (await ministack?.denials())?.slice(before) ?? [];
  }

  async function expectRefused(grant: TakenGrant, without: string, denials: readonly Denial[]) {
    expect(new Set(denials.map(({ action }) => action))).toEqual(new Set([grant.action]));
    for (const denial of denials) {
      expect(denial.principal).toContain(`${stack.name}-${grant.role}`);
      expect(await ourAnswer(template, grant, denial, stack)).toBe(true);
      expect(await ourAnswer(without, grant, denial, stack)).toBe(false);
    }
  }
});

function smallConfig(): ApportionConfig {
  return ApportionConfig.parse({
    partner: { name: 'Other partner' },
    customers: Object.entries(OWNED).map(([name, subAccounts]) => ({ name, subAccounts: [...subAccounts] })),
  });
}

async function deliveriesOf({ api }: Deployment) {
  return (await api.call(listDeliveries)).body.items;
}
