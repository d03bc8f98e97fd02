import { closeMonth } from '../../../lib/contracts/months/close-month.ts';
import { correctMonth } from '../../../lib/contracts/months/correct-month.ts';
import { repriceMonth } from '../../../lib/contracts/months/reprice-month.ts';
import { csvOf } from '../../journeys/csv.ts';
import type { Product } from '../../journeys/open-product.ts';
import { SMALL_BILL } from '../../journeys/small-partner.ts';
import { preview } from './api-questions.ts';
import { PERIOD, registered, upToDate } from './up-to-date.ts';

/** The month, whose bill is `second.csv` by now, is closed, previewed, corrected, and priced again with what it was closed with when a newer bill has come. */
export async function closeAndReprice(product: Product): Promise<void> {
  const { api } = product;
  const params = { period: PERIOD };
  await upToDate(product);
  await api.call(closeMonth, { params });
  await preview(product);
  await api.call(correctMonth, { params });
  await registered(product, 'second.csv', csvOf(SMALL_BILL.slice(1)));
  await api.call(repriceMonth, { params });
  await upToDate(product);
}
