import { releaseDelivery } from '../../../lib/contracts/deliveries/release-delivery.ts';
import { csvOf } from '../../journeys/csv.ts';
import { deliverAnyhow } from '../../journeys/deliver-anyhow.ts';
import type { Product } from '../../journeys/open-product.ts';
import { SMALL_BILL } from '../../journeys/small-partner.ts';
import { setStatus } from './administrator.ts';
import { upToDate } from './up-to-date.ts';

/** A broken bill, received again; and a second bill of a month that has one, released. */
export async function refuseAndRelease(product: Product): Promise<void> {
  const { api } = product;
  const [row] = SMALL_BILL;
  const text = csvOf([{ ...row, BilledCost: '1,5' }]);
  const broken = await deliverAnyhow(product, 'acme', [{ key: 'acme/broken.csv', text }]);
  await api.call(releaseDelivery, { params: { deliveryId: broken.id } });
  const second = await deliverAnyhow(product, 'acme', [{ key: 'acme/second.csv', text: csvOf(SMALL_BILL) }]);
  await setStatus(product, `DELIVERY#${second.id}`, 'Held');
  await api.call(releaseDelivery, { params: { deliveryId: second.id } });
  await upToDate(product);
}
