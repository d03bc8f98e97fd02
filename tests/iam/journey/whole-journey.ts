import type { AccessRecord } from '../../../infra/local/iam/gate.ts';
import type { CustomerId } from '../../../lib/domain/ids.ts';
import { until } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { askTheApi } from './api-questions.ts';
import { closeAndReprice } from './closed-month.ts';
import { mendWhatCrashed } from './crashes.ts';
import { publishFirstBill } from './first-bill.ts';
import { publishParquet } from './parquet-bill.ts';
import { refuseAndRelease } from './refused-bills.ts';
import { rollBackAndForth } from './roll-back.ts';
import { sendStrangeMessages } from './strange-messages.ts';
import { sweepTheLake } from './sweep-the-lake.ts';
import { uploadAsPartner } from './uploader.ts';

/**
 * Everything the product does for anybody, once: all its functions, both state machines, Athena and EventBridge at work
 * under the template's own rights. `records` is what was asked of those rights so far, and grows.
 *
 * @throws Error naming what was waited for in vain
 */
export async function walkEverything(
  product: Product,
  records: readonly AccessRecord[],
): Promise<ReadonlyMap<string, CustomerId>> {
  const ids = await publishFirstBill(product);
  const fabrikam = ids.get('Fabrikam');
  if (fabrikam === undefined) throw new Error('Fabrikam was not made');
  await publishParquet(product);
  await uploadAsPartner(product);
  await askTheApi(product, ids);
  await rollBackAndForth(product);
  await refuseAndRelease(product);
  await sendStrangeMessages(product);
  await mendWhatCrashed(product, fabrikam);
  await until('CloseRun has given a call up, which is a dead letter now', async () =>
    records.some(({ access }) => access.action === 'sqs:SendMessage' && access.resource.includes('Undelivered'))
      ? true
      : undefined,
  );
  await until('the token of each dead task is failed', async () =>
    records.filter(({ access }) => access.action === 'states:SendTaskFailure').length >= DEAD_TASKS ? true : undefined,
  );
  await closeAndReprice(product);
  await sweepTheLake(product, records);
  return ids;
}

/** One that ConvertFiles refuses, and the two of `sendStrangeMessages`. */
const DEAD_TASKS = 3;
