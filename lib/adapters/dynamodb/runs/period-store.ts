import type { BillingPeriod } from '../../../domain/billing-period.ts';
import type { IntegrationId } from '../../../domain/ids.ts';
import { PeriodState } from '../../../domain/period-state.ts';
import type { PeriodStore } from '../../../ports/period-store.ts';
import { changeState, type StateChange } from './change-state.ts';
import { earlierWith, retiredRuns, UNPINNED_FOR } from './earlier-runs.ts';
import { getStates } from './get-states.ts';
import { addPeriod, listPeriods, periodKey } from './period-item.ts';
import type { RunsTable } from './runs-table.ts';
import { wantTogether } from './want-together.ts';

/** The periods of the runs table: one item each, and every change a single conditional write. */
export function dynamoDbPeriodStore(table: RunsTable): PeriodStore {
  const find = async (integrationId: IntegrationId, period: BillingPeriod) =>
    (await getStates(table, [periodKey(integrationId, period)], PeriodState))[0];
  const change = (integrationId: IntegrationId, period: BillingPeriod, what: StateChange) =>
    changeState(table, periodKey(integrationId, period), PeriodState, what);
  const ofRun = '#lease.#runId = :runId';
  return {
    find,
    list: () => listPeriods(table),
    async raiseWanted(integrationId, period, wanted) {
      for (;;) {
        if (await addPeriod(table, { integrationId, period, wanted })) return true;
        const raised = await change(integrationId, period, {
          set: '#wanted = :wanted',
          condition: '#wanted.#deliverySeq < :seq',
          values: { ':wanted': wanted, ':seq': wanted.deliverySeq },
        });
        if (raised) return true;
        // Adding may have met another writer's transaction that came to nothing: then there is still no item.
        if (await find(integrationId, period)) return false;
      }
    },
    wantTogether: (integrationId, wanted, seen) => wantTogether(table, integrationId, wanted, seen),
    async standIn(integrationId, period, newer, sameAs) {
      const values = { ':newer': newer, ':seq': newer.deliverySeq, ':id': newer.deliveryId, ':same': sameAs };
      const isWanted = '#wanted.#deliveryId = :same AND #wanted.#deliverySeq < :seq';
      const both = '#wanted = :newer, #published.#deliverySeq = :seq, #published.#deliveryId = :id';
      const published = '#published.#deliveryId = :same';
      for (;;) {
        const ofBoth = { set: both, condition: `${isWanted} AND ${published}`, values };
        if (await change(integrationId, period, ofBoth)) return true;
        const { ':id': _, ...less } = values;
        const unpublished = `(attribute_type(#published, :null) OR NOT ${published})`;
        const ofWanted = { set: '#wanted = :newer', condition: `${isWanted} AND ${unpublished}` };
        if (await change(integrationId, period, { ...ofWanted, values: { ...less, ':null': 'NULL' } })) return true;
        const wanted = (await find(integrationId, period))?.wanted;
        if (wanted?.deliveryId !== sameAs || wanted.deliverySeq >= newer.deliverySeq) return false;
      }
    },
    async nextRunNumber(integrationId, period) {
      const state = await change(integrationId, period, {
        set: '#runNumber = #runNumber + :one',
        condition: 'attribute_exists(pk)',
        values: { ':one': 1 },
      });
      if (!state) throw new Error(`nothing was delivered for ${integrationId} ${period}`);
      return state.runNumber;
    },
    async acquireLease(integrationId, period, { runId, executionArn, now, expiresAt }) {
      const state = await change(integrationId, period, {
        set: '#lease = :lease, #fence = #fence + :one',
        condition: `attribute_type(#lease, :null) OR #lease.#expiresAt <= :now OR ${ofRun}`,
        values: {
          ':lease': { runId, executionArn, expiresAt },
          ':one': 1,
          ':null': 'NULL',
          ':now': now,
          ':runId': runId,
        },
      });
      return state ? { lease: { runId, executionArn, fence: state.fence, expiresAt }, state } : 'busy';
    },
    async renewLease(integrationId, period, runId, expiresAt) {
      const set = '#lease.#expiresAt = :expiresAt';
      const values = { ':expiresAt': expiresAt, ':runId': runId };
      return (await change(integrationId, period, { set, condition: ofRun, values })) !== undefined;
    },
    async releaseLease(integrationId, period, runId) {
      const values = { ':none': null, ':runId': runId };
      await change(integrationId, period, { set: '#lease = :none', condition: ofRun, values });
    },
    async publish(integrationId, period, { runId, fence }, published) {
      for (;;) {
        const known = await find(integrationId, period);
        const before = known?.published ?? null;
        if (before?.runId === runId) return { ownersBefore: before.ownersBefore ?? [] };
        const owners = new Set(published.owners);
        const ownersBefore = [...new Set([...(before?.owners ?? []), ...(before?.ownersBefore ?? [])])].filter(
          (owner) => !owners.has(owner),
        );
        const fits = `${ofRun} AND #fence = :fence`;
        const pointer = before
          ? '#published.#runId = :before AND #published.#deliverySeq <= :seq'
          : 'attribute_type(#published, :null)';
        const state = await change(integrationId, period, {
          set: '#published = :published, #earlier = :earlier, #retired = :retired, #pinned = :none',
          condition: `${fits} AND ${pointer} AND ${UNPINNED_FOR}`,
          values: {
            ':published': { ...published, ownersBefore },
            ':earlier': earlierWith(known, published.runId),
            ':retired': retiredRuns(known, published.runId, published.publishedAt),
            ':none': null,
            ':noPin': 'NULL',
            ':newSeq': published.deliverySeq,
            ':runId': runId,
            ':fence': fence,
            ...(before ? { ':before': before.runId, ':seq': published.deliverySeq } : { ':null': 'NULL' }),
          },
        });
        if (state) return { ownersBefore };
        const now = await find(integrationId, period);
        if ((now?.published?.runId ?? undefined) === before?.runId) return 'fenced';
      }
    },
    async noteListsWritten(integrationId, period, runId) {
      await change(integrationId, period, {
        set: '#published.#listsOwed = :no',
        condition: '#published.#runId = :runId',
        values: { ':no': false, ':runId': runId },
      });
    },
  };
}
