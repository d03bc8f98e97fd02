import type { BillFile } from '../../../infra/cli/bill-files.ts';
import { csvOf } from '../csv.ts';
import { SMALL_BILL } from '../small-partner.ts';

/** The small bill of an integration, and a manifest that names it. */
export function billOf(integrationId: string): readonly [BillFile, BillFile] {
  return [
    { key: `${integrationId}/bill.csv`, text: csvOf(SMALL_BILL) },
    { key: `${integrationId}/_manifest.json`, text: JSON.stringify({ files: ['bill.csv'] }) },
  ];
}
