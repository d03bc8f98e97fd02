import { z } from 'zod';
import { RuleId } from '../../lib/domain/ids.ts';
import { type Edit, type EditKind, OWNERS, RULES, SETTINGS } from './edits.ts';
import type { FaultClass } from './faults.ts';
import type { Partner, Request } from './partner.ts';

/** Makes an edit as a person does: reads what is there, then asks for the change on the version that was read. */
export async function makeEdit(partner: Partner, { kind, variant }: Edit): Promise<void> {
  await partner.change(async () => {
    await EDITS[kind](partner, variant);
  });
}

type Make = (partner: Partner, variant: number) => Promise<void>;

const RuleList = z.object({
  items: z.array(z.object({ id: RuleId, version: z.int(), rule: z.looseObject({ name: z.string() }) })),
});
const AssignmentList = z.object({ items: z.array(z.object({ subAccountId: z.string(), version: z.int() })) });
const PeriodList = z.object({
  items: z.array(
    z.object({
      integrationId: z.string(),
      period: z.string(),
      earlier: z.array(z.object({ runId: z.string() })),
      pinnedSince: z.string().nullable(),
    }),
  ),
});
const Records = z.object({ items: z.array(z.object({ id: z.string(), status: z.string() })) });

async function get<Body>(partner: Partner, path: string, schema: z.ZodType<Body>) {
  const response = await partner.ask({ method: 'GET', path });
  return response && { etag: response.etag, body: schema.parse(response.body) };
}

const versioned = (version: number) => `"${version}"`;

const switchRule: Make = async (partner, variant) => {
  const rule = RULES[variant];
  const list = await get(partner, '/v1/rules', RuleList);
  if (rule === undefined || list === undefined) return;
  const there = list.body.items.find((one) => one.rule.name === rule.name);
  if (there === undefined) {
    await partner.ask({ method: 'POST', path: '/v1/rules', body: rule, newRuleId: partner.freshRuleId(variant) });
    return;
  }
  const body = { ...there.rule, enabled: there.rule.enabled === false };
  await partner.ask({ method: 'PUT', path: `/v1/rules/${there.id}`, body, ifMatch: versioned(there.version) });
};

const turnOrder: Make = async (partner) => {
  const list = await get(partner, '/v1/rules', RuleList);
  if (list === undefined || list.body.items.length < 2) return;
  const ruleIds = list.body.items.map(({ id }) => id).reverse();
  await partner.ask({ method: 'PUT', path: '/v1/rules/order', body: { ruleIds }, ifMatch: list.etag });
};

const deleteRule: Make = async (partner, variant) => {
  const list = await get(partner, '/v1/rules', RuleList);
  const there = list?.body.items.find((one) => one.rule.name === RULES[variant]?.name);
  if (there) await partner.ask({ method: 'DELETE', path: `/v1/rules/${there.id}`, ifMatch: versioned(there.version) });
};

const assign: Make = async (partner, variant) => {
  const wanted = OWNERS[variant];
  const list = await get(partner, '/v1/assignments', AssignmentList);
  if (wanted === undefined || list === undefined) return;
  const { subAccountId, owners } = wanted;
  const there = list.body.items.find((one) => one.subAccountId === subAccountId);
  if (there) {
    const query = { subAccountId };
    await partner.ask({
      ...{ method: 'PUT', path: '/v1/assignments', query, body: { owners } },
      ifMatch: versioned(there.version),
    });
    return;
  }
  for (const { owner, from, to } of owners)
    await partner.ask({
      ...{ method: 'POST', path: '/v1/assignments' },
      body: { owner, subAccounts: [{ subAccountId, from, to }] },
    });
};

const Settings = z.looseObject({ version: z.int() });

const changeSettings: Make = async (partner, variant) => {
  const settings = await get(partner, '/v1/settings', Settings);
  if (settings === undefined) return;
  const { version: _, ...before } = settings.body;
  const body = { ...before, ...SETTINGS[variant] };
  await partner.ask({ method: 'PUT', path: '/v1/settings', body, ifMatch: settings.etag });
};

const rollBack: Make = async (partner, variant) => {
  const periods = (await get(partner, '/v1/periods', PeriodList))?.body.items ?? [];
  const able = periods.filter(({ earlier }) => earlier.length > 0);
  const period = able[variant % able.length];
  const runId = period?.earlier[0]?.runId;
  if (period === undefined || runId === undefined) return;
  const path = `/v1/periods/${period.integrationId}/${period.period}/rollback`;
  await answered(partner, { method: 'POST', path, body: { runId } }, 'rolled back and pinned');
};

/** Takes every pin away. */
const unpin: Make = async (partner) => {
  const periods = (await get(partner, '/v1/periods', PeriodList))?.body.items ?? [];
  for (const { integrationId, period, pinnedSince } of periods)
    if (pinnedSince !== null)
      await answered(
        partner,
        { method: 'POST', path: `/v1/periods/${integrationId}/${period}/unpin` },
        'pin taken away',
      );
};

/** The newest of each that did not end well. */
const redrive: Make = async (partner) => {
  const runs = (await get(partner, '/v1/runs', Records))?.body.items ?? [];
  const run = runs.find(({ status }) => status === 'Failed' || status === 'Quarantined');
  if (run) await answered(partner, { method: 'POST', path: `/v1/runs/${run.id}/redrive` }, 'run redriven');
};

const release: Make = async (partner) => {
  const deliveries = (await get(partner, '/v1/deliveries', Records))?.body.items ?? [];
  const delivery = deliveries.find(({ status }) => ['Held', 'Quarantined', 'Failed'].includes(status));
  if (delivery)
    await answered(partner, { method: 'POST', path: `/v1/deliveries/${delivery.id}/release` }, 'delivery released');
};

async function answered(partner: Partner, request: Request, as: FaultClass): Promise<void> {
  if (await partner.ask(request)) partner.note(as);
}

const EDITS: Readonly<Record<EditKind, Make>> = {
  rules: switchRule,
  rule_order: turnOrder,
  rule_deleted: deleteRule,
  assignments: assign,
  settings: changeSettings,
  rollback: rollBack,
  unpin,
  redrive,
  release,
};
