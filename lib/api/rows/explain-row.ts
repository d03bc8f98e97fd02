import type { Caller } from '../../contracts/contract.ts';
import type { explainRow as contract } from '../../contracts/rows/explain-row.ts';
import { CustomerId } from '../../domain/ids.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import { Problem } from '../../domain/problem.ts';
import { LAKE } from '../../names/lake-keys.ts';
import { Plan } from '../../pipeline/split-bill/plan.ts';
import type { CustomerLedger } from '../../ports/customer-ledger.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartnerConfigReader } from '../../ports/partner-config.ts';
import type { PartnerLedger } from '../../ports/partner-ledger.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import type { UseCase } from '../use-case.ts';
import { addedRow, pricedRow } from './answer-row.ts';
import { type FoundRow, findRow, type RowQuestion } from './find-row.ts';
import { parseChargedRow } from './published-row.ts';
import { chargedStatement } from './row-statements.ts';

interface Deps {
  readonly ledger: CustomerLedger;
  readonly partnerLedger: PartnerLedger;
  readonly periods: Pick<PeriodStore, 'list'>;
  readonly config: Pick<PartnerConfigReader, 'read'>;
  readonly lake: Pick<ObjectStore, 'readText'>;
}

type Answer = Awaited<ReturnType<UseCase<typeof contract>>>['body'];

/** A row is read by several statements; a run that is published between two of them is seen, and all read again. */
const TRIES_MOST = 3;

/** Explains what one row is charged. */
export const explainRow =
  (deps: Deps): UseCase<typeof contract> =>
  async ({ caller, params: { rowId }, query }) => {
    if (caller.role === 'customer')
      return { body: await toCustomer(deps, caller, { rowId, period: query.period, customerId: query.customerId }) };
    const question: RowQuestion = {
      rowId,
      period: query.period,
      customerId: query.customerId,
      integrationId: query.integrationId,
    };
    for (let tries = 0; tries < TRIES_MOST; tries += 1) {
      const published = await publishedOf(deps);
      const body = await toPartner(deps, question, published);
      if (body !== undefined) return { body };
      if (isSame(published, await publishedOf(deps)))
        throw new Error(`what is published of row ${rowId} does not add up`);
    }
    throw new Problem('published_meanwhile', { what: `row ${rowId}` });
  };

/** Undefined where what was read does not add up: runs were mixed, or it is our bug. */
async function toPartner(
  { config, partnerLedger, lake }: Deps,
  question: RowQuestion,
  published: readonly PeriodState[],
): Promise<Answer | undefined> {
  const { customers, rules } = await config.read();
  const ids = customers.map(({ id }) => id);
  const found = await failing(findRow((statement) => partnerLedger.query(statement), question, published, ids));
  if (!found.addsUp) return undefined;
  const plan = await planOf(lake, found);
  const { rowId } = question;
  if (found.published === undefined) return addedRow(rowId, found, { customers, rules });
  return plan && pricedRow(rowId, { ...found, published: found.published }, plan);
}

async function planOf(lake: Pick<ObjectStore, 'readText'>, { published }: FoundRow): Promise<Plan | undefined> {
  const text = published && (await lake.readText(LAKE.plan(published.runId)))?.text;
  return text === undefined ? undefined : Plan.parse(JSON.parse(text));
}

/** A customer’s user sees its own ledger, in a session that can see no other. */
async function toCustomer(
  { ledger, periods }: Deps,
  caller: Extract<Caller, { role: 'customer' }>,
  { rowId, period, customerId }: Omit<RowQuestion, 'integrationId'>,
): Promise<Answer> {
  const own = CustomerId.parse(caller.customerId);
  const none = new Problem('not_found', { what: 'row', id: rowId });
  const months = [...new Set((await publishedOf({ periods })).map((state) => state.period))];
  const searched = months.filter((month) => (period ?? month) === month);
  if ((customerId ?? own) !== own || searched.length === 0) throw none;
  const rows = await failing(ledger.query(own, chargedStatement({ rowId, periods: searched, owners: [own] })));
  const charged = rows.map(parseChargedRow)[0];
  if (charged === undefined) throw none;
  const { currency: BillingCurrency, owner: _, charged: amounts, ...shown } = charged;
  const what = [charged.ChargeDescription, charged.ServiceName].filter((text) => text !== null).join(', ');
  return {
    ...{ view: 'customer', rowId, customerId: own, BillingCurrency, charged: amounts },
    ...shown,
    words: [`Charged: BilledCost ${amounts.BilledCost} ${BillingCurrency} for ${what || 'this row'}.`],
  };
}

async function publishedOf({ periods }: Pick<Deps, 'periods'>): Promise<readonly PeriodState[]> {
  return (await periods.list()).filter((state) => state.published !== null);
}

function isSame(before: readonly PeriodState[], after: readonly PeriodState[]): boolean {
  const runs = (states: readonly PeriodState[]) => states.map(({ published }) => published?.runId ?? '').sort();
  return JSON.stringify(runs(before)) === JSON.stringify(runs(after));
}

/** What the engine says of a failed query names places inside the deployment: it goes to the log, not to the caller. */
async function failing<Result>(asked: Promise<Result>): Promise<Result> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.code === 'query_failed')
      throw new Error('the query of a row failed', { cause: error });
    throw error;
  }
}
