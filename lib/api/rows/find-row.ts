import type { CustomerId, IntegrationId } from '../../domain/ids.ts';
import type { PeriodState } from '../../domain/period-state.ts';
import { Problem } from '../../domain/problem.ts';
import { PARTNER, UNASSIGNED } from '../../names/tables.ts';
import type { QueryRow } from '../../ports/query-engine.ts';
import { fourAmounts, minus, NOTHING, plus } from '../rules/four-amounts.ts';
import {
  type ChargedRow,
  type PublishedRow,
  parseChargedRow,
  parsePublishedRow,
  parseWaterfallEntry,
  type WaterfallEntry,
} from './published-row.ts';
import {
  chargedStatement,
  deliveredStatement,
  type RowPlace,
  tagsStatement,
  waterfallStatement,
} from './row-statements.ts';

/** What the partner asks about. */
export interface RowQuestion {
  readonly rowId: string;
  readonly period: string | undefined;
  readonly customerId: CustomerId | undefined;
  readonly integrationId: IntegrationId | undefined;
}

/** A row as it is published: delivered and priced, added by a rule, or a correction of a closed month. */
export interface FoundRow {
  readonly published: PublishedRow | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly entries: readonly WaterfallEntry[];
  readonly charged: ChargedRow | undefined;
  /** Delivered and deltas are what the ledger holds, over all rows of this id that the owner has. */
  readonly addsUp: boolean;
}

/** Injected partition columns take a bounded list of values (Athena, "Partition projection": 1,000). */
const OWNERS_AT_ONCE = 500;

/** Finds the one row of an id in what is published. Throws Problem `not_found`, or `invalid_request` where there are several. */
export async function findRow(
  query: (statement: string) => Promise<readonly QueryRow[]>,
  { rowId, period, customerId, integrationId }: RowQuestion,
  published: readonly PeriodState[],
  customers: readonly CustomerId[],
): Promise<FoundRow> {
  const periods = [...new Set(published.map((state) => state.period))].filter((one) => (period ?? one) === one);
  const owners = customerId === undefined ? [...customers, UNASSIGNED, PARTNER] : [customerId];
  const chunks = Array.from({ length: Math.ceil(owners.length / OWNERS_AT_ONCE) }, (_, at) =>
    owners.slice(at * OWNERS_AT_ONCE, (at + 1) * OWNERS_AT_ONCE),
  );
  const everywhere = async (statement: (place: RowPlace) => string) => {
    if (periods.length === 0) return [];
    const answers = await Promise.all(chunks.map((some) => query(statement({ rowId, periods, owners: some }))));
    return answers.flat();
  };
  const all = (await everywhere(deliveredStatement)).map(parsePublishedRow);
  const alike = all.filter((one) => (integrationId ?? one.integrationId) === one.integrationId);
  const [first, ...others] = alike;
  if (others.length > 0) throw severalRows(alike);
  const added =
    first === undefined && integrationId === undefined
      ? (await everywhere(waterfallStatement))
          .map(parseWaterfallEntry)
          .find(({ stage }) => stage === 'addition' || stage === 'correction')
      : undefined;
  const at = first ?? added;
  if (at === undefined) throw new Problem('not_found', { what: 'row', id: rowId });
  const place = { rowId, periods: [at.period], owners: [at.owner] };
  const [tags, waterfall, charges] = await Promise.all(
    [first === undefined ? undefined : tagsStatement(place), waterfallStatement(place), chargedStatement(place)].map(
      async (statement) => (statement === undefined ? [] : await query(statement)),
    ),
  );
  const entries = (waterfall ?? []).map(parseWaterfallEntry);
  const charged = (charges ?? []).map(parseChargedRow)[0];
  const same = all.filter((one) => one.owner === at.owner && one.period === at.period);
  const isCustomers = at.owner !== UNASSIGNED && at.owner !== PARTNER;
  const sum = [...same.map(({ delivered }) => delivered), ...entries.map(({ delta }) => delta)].reduce(plus, NOTHING);
  const difference = minus(sum, charged?.charged ?? NOTHING);
  return {
    published: first,
    tags: Object.fromEntries((tags ?? []).map(({ tag_key, tag_value }) => [tag_key ?? '', tag_value ?? ''])),
    entries: entries.filter((entry) => entry.integrationId === (first?.integrationId ?? null)),
    charged,
    addsUp: !isCustomers || Object.values(fourAmounts((cost) => difference[cost])).every((amount) => amount === '0'),
  };
}

/** Alike rows of several integrations or owners have one id; the caller says which is meant. */
function severalRows(alike: readonly PublishedRow[]): Problem {
  const places = alike.map(
    ({ owner, period, integrationId }) => `customerId ${owner}, period ${period}, integrationId ${integrationId}`,
  );
  return new Problem('invalid_request', {
    errors: [
      { pointer: 'query/integrationId', detail: `several rows have this id; name one of: ${places.join('; ')}` },
    ],
  });
}
