import { type BillingPeriod, boundsOf } from '../domain/billing-period.ts';
import type { RunId } from '../domain/ids.ts';
import { TABLES, UNASSIGNED } from '../names/tables.ts';
import type { DeliveredBill } from './delivered-bill.ts';
import { focusRow } from './focus/focus-row.ts';

/**
 * The SELECT inside SplitByShard's UNLOAD: every delivered row of the period as FOCUS 1.2, with its one owner and that
 * owner's shard (last, as partition columns must be). A row that no line of `owners` names is unassigned.
 */
export function splitSelect({
  bill,
  tableName,
  runId,
  period,
  unassignedShard,
}: {
  bill: Pick<DeliveredBill, 'columns'>;
  tableName: string;
  runId: RunId;
  period: BillingPeriod;
  unassignedShard: number;
}): string {
  const row = [...focusRow(bill.columns)];
  const { start, end } = boundsOf(period);
  return [
    'SELECT',
    ...row.map(([name]) => `  b.${name} AS ${name},`),
    `  COALESCE(o.owner, '${UNASSIGNED}') AS x_Owner,`,
    `  COALESCE(o.shard, ${unassignedShard}) AS shard`,
    'FROM (',
    '  SELECT',
    row.map(([name, expression]) => `    ${expression} AS ${name}`).join(',\n'),
    `  FROM ${tableName}`,
    ') b',
    'LEFT JOIN (',
    '  SELECT sub_account_id, provider_name, owner, shard,',
    '    CAST(valid_from AS timestamp(3)) AS valid_from, CAST(valid_to AS timestamp(3)) AS valid_to',
    `  FROM ${TABLES.owners} WHERE run = '${runId}'`,
    ') o',
    '  ON o.sub_account_id = b.SubAccountId',
    "  AND o.provider_name = COALESCE(b.ProviderName, '')",
    '  AND b.ChargePeriodStart >= o.valid_from AND b.ChargePeriodStart < o.valid_to',
    `WHERE b.BillingPeriodStart >= ${timestamp(start)} AND b.BillingPeriodStart < ${timestamp(end)}`,
  ].join('\n');
}

function timestamp(instant: string): string {
  return `CAST('${instant.replace('T', ' ').replace('Z', '')}' AS timestamp(3))`;
}
