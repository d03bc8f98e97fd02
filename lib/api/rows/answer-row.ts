import type { AnswerOf } from '../../contracts/contract.ts';
import type { explainRow as contract } from '../../contracts/rows/explain-row.ts';
import type { CustomerTenant } from '../../domain/customer-tenant.ts';
import type { StoredRule } from '../../domain/stored-rule.ts';
import { PARTNER, UNASSIGNED } from '../../names/tables.ts';
import type { Plan } from '../../pipeline/split-bill/plan.ts';
import { explainRule } from '../../rules/explain-rule.ts';
import { NOTHING, plus } from '../rules/four-amounts.ts';
import type { FoundRow } from './find-row.ts';
import type { PublishedRow, WaterfallEntry } from './published-row.ts';
import { type RowStep, rowSteps } from './row-steps.ts';

type PartnersRow = Extract<AnswerOf<typeof contract>['body'], { view: 'partner' }>;

/** What is said of a row that no rule acts on. */
const NOBODYS: Readonly<Record<string, string>> = {
  [UNASSIGNED]: 'Nobody owns the row’s sub account on that day: no rule acts on it.',
  [PARTNER]: 'The row is the partner’s own, or a commitment policy leaves it with the partner: no rule acts on it.',
};

/** A delivered row with all that its run made of it. */
export function pricedRow(rowId: string, found: FoundRow & { published: PublishedRow }, plan: Plan): PartnersRow {
  const { owner, period, integrationId, runId, currency, delivered, row } = found.published;
  const steps = [...rowSteps({ row: { ...row, Tags: found.tags }, delivered, entries: found.entries, plan })];
  const charged = steps.at(-1)?.after ?? delivered;
  const isLeftOut = steps.some(
    ({ verdict, rule }) =>
      verdict === 'applied' &&
      plan.rules.some((one) => one.id === rule?.id && one.rule.type === 'back_out' && one.rule.mode === 'remove'),
  );
  const inLedger = NOBODYS[owner] === undefined && !isLeftOut;
  return {
    ...{ view: 'partner', rowId, owner, period, integrationId, runId, precedence: plan.partner.precedence },
    ownerName: plan.customers.find(({ id }) => id === owner)?.name ?? owner,
    BillingCurrency: currency,
    ChargeCategory: row.text.ChargeCategory ?? null,
    ServiceName: row.text.ServiceName ?? null,
    SubAccountId: row.text.SubAccountId ?? null,
    ChargePeriodStart: row.ChargePeriodStart,
    ...{ delivered, steps, charged, inLedger },
    words: [
      `Delivered: BilledCost ${delivered.BilledCost} ${currency}.`,
      ...steps.map(({ words }) => words),
      ...[NOBODYS[owner] ?? (isLeftOut ? 'Charged: nothing, the row is not in the customer’s bill.' : '')].filter(
        Boolean,
      ),
      ...(inLedger ? [`Charged: BilledCost ${charged.BilledCost} ${currency}.`] : []),
    ],
  };
}

/** A row that nobody delivered: added by a charge, a credit or a percentage, or a correction of a closed month. */
export function addedRow(
  rowId: string,
  { entries }: FoundRow,
  { customers, rules }: { customers: readonly CustomerTenant[]; rules: readonly StoredRule[] },
): PartnersRow {
  const [entry] = entries;
  if (entry?.stage === 'correction')
    return undeliveredRow(rowId, entry, { stage: 'correction', rule: null, words: saidOfCorrection(entry), customers });
  if (entry?.rule == null) throw new Error(`row ${rowId} is added by no rule`);
  const { rule } = entry;
  const nameOf = (id: string) => customers.find((customer) => customer.id === id)?.name ?? id;
  const stored = rules.find(({ id, version }) => id === rule.id && version === rule.version);
  const said = stored ? explainRule(stored.rule, nameOf) : `A ${rule.type}, version ${rule.version}, changed since.`;
  const words = `“${rule.name}”: ${said}`;
  return undeliveredRow(rowId, entry, {
    stage: 'addition',
    rule: { ...rule, order: stored?.order ?? null },
    words,
    customers,
  });
}

function saidOfCorrection({ ChargePeriodStart, ServiceName, ChargeCategory, delta, currency }: WaterfallEntry): string {
  const month = ChargePeriodStart.slice(0, 'yyyy-mm'.length);
  const what = [ServiceName, ChargeCategory].filter((text) => text !== null).join(', ');
  return `${month} is closed: what was charged in it for ${what} is corrected by ${delta.BilledCost} ${currency}, to what later rules, owners, commitments or settings make of it.`;
}

function undeliveredRow(
  rowId: string,
  entry: WaterfallEntry,
  { customers, ...why }: Pick<RowStep, 'stage' | 'rule' | 'words'> & { customers: readonly CustomerTenant[] },
): PartnersRow {
  const { owner, period, currency, delta } = entry;
  const charged = plus(NOTHING, delta);
  const step: RowStep = {
    ...{ ...why, verdict: 'applied', shadowedBy: null, failedTests: [], warning: entry.warning },
    ...{ delta, after: charged },
  };
  const ownerName = customers.find(({ id }) => id === owner)?.name ?? owner;
  return {
    ...{ view: 'partner', rowId, owner, ownerName, period, integrationId: null, runId: null },
    ...{ precedence: null, BillingCurrency: currency, SubAccountId: entry.SubAccountId },
    ChargeCategory: entry.ChargeCategory,
    ServiceName: entry.ServiceName,
    ChargePeriodStart: entry.ChargePeriodStart,
    ...{ delivered: NOTHING, steps: [step], charged, inLedger: true },
    words: ['Delivered: nothing.', step.words, `Charged: BilledCost ${charged.BilledCost} ${currency}.`],
  };
}
