import { dynamoDbPartnerConfigReader } from '../../lib/adapters/dynamodb/registry/partner-config-reader.ts';
import { AdditionsPointer } from '../../lib/domain/additions-pointer.ts';
import type { ConfigHistory } from '../../lib/domain/config-history.ts';
import { Delivery } from '../../lib/domain/delivery.ts';
import { PeriodState } from '../../lib/domain/period-state.ts';
import { Run } from '../../lib/domain/run.ts';
import { openMemoryTable } from './open-memory-table.ts';
import type { World } from './world.ts';

/** Everything on record in a world. */
export interface Records {
  readonly periods: readonly PeriodState[];
  readonly runs: readonly Run[];
  readonly deliveries: readonly Delivery[];
  readonly additions: readonly AdditionsPointer[];
  readonly config: ConfigHistory;
}

export async function recordsOf({ tables, outside }: World): Promise<Records> {
  const items = tables.items(outside.runsTable).filter(({ sk }) => sk === 'STATE');
  const of = (prefix: string) => items.filter(({ pk }) => String(pk).startsWith(prefix));
  const registry = { ...openMemoryTable(outside.registryTable, tables) };
  return {
    periods: of('PERIOD#').map((item) => PeriodState.parse(item)),
    runs: of('RUN#').map((item) => Run.parse(item)),
    deliveries: of('DELIVERY#').map((item) => Delivery.parse(item)),
    additions: of('ADDITIONS#').map((item) => AdditionsPointer.parse(item)),
    config: await dynamoDbPartnerConfigReader(registry).history(),
  };
}
