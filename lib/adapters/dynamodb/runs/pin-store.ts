import { PeriodState } from '../../../domain/period-state.ts';
import type { PinStore } from '../../../ports/pin-store.ts';
import { changeState } from './change-state.ts';
import { earlierWith } from './earlier-runs.ts';
import { getStates } from './get-states.ts';
import { periodKey } from './period-item.ts';
import type { RunsTable } from './runs-table.ts';

/** Rollbacks and pins on the periods of the runs table. */
export function dynamoDbPinStore(table: RunsTable): PinStore {
  return {
    async rollBack(integrationId, period, { from, to, pinned }) {
      const pk = periodKey(integrationId, period);
      const [state] = await getStates(table, [pk], PeriodState);
      if (state?.published?.runId !== from) return 'moved';
      const { owners = [], ownersBefore = [] } = state.published;
      const kept = new Set(to.owners);
      const gone = [...new Set([...owners, ...ownersBefore])].filter((owner) => !kept.has(owner));
      const changed = await changeState(table, pk, PeriodState, {
        set: '#published = :published, #earlier = :earlier, #pinned = :pinned',
        condition: '#published.#runId = :from AND #wanted.#deliverySeq = :wanted',
        values: {
          ':published': { ...to, ownersBefore: gone, listsOwed: true },
          ':earlier': earlierWith(state, to.runId),
          ':pinned': pinned,
          ':from': from,
          ':wanted': pinned.deliverySeq,
        },
      });
      return changed === undefined ? 'moved' : 'rolled_back';
    },
    async unpin(integrationId, period) {
      const changed = await changeState(table, periodKey(integrationId, period), PeriodState, {
        set: '#pinned = :none',
        condition: 'attribute_type(#pinned, :map)',
        values: { ':none': null, ':map': 'M' },
      });
      return changed !== undefined;
    },
  };
}
