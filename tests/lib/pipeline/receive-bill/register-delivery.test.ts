import { describe, expect, test } from 'vitest';
import { BillingPeriod } from '../../../../lib/domain/billing-period.ts';
import { IntegrationId } from '../../../../lib/domain/ids.ts';
import { receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

const MARCH = BillingPeriod.parse('2025-03');
const ACME = IntegrationId.parse('acme');

describe('a registered delivery', () => {
  const begin = receivingBills();

  test('is wanted for each of its periods, and its sub accounts are noted', async () => {
    const receiving = begin();
    const object = await receiving.land(
      'acme/two.csv',
      bill([{}, { BillingPeriodStart: '2025-04-01', SubAccountId: '2' }, {}]),
    );
    const answer = await receiving.receive(object);
    expect(answer).toEqual({ outcome: 'registered', deliveryId: object.deliveryId, periods: ['2025-03', '2025-04'] });
    expect(receiving.asked).toEqual([
      ['acme', '2025-03'],
      ['acme', '2025-04'],
    ]);
    expect(receiving.seen.map(({ id }) => id)).toEqual(['111111111111', '2']);
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: object.deliveryId } });
    expect(receiving.deliveries.all.get(object.deliveryId)).toMatchObject({
      status: 'Registered',
      step: 'RegisterDelivery',
      rows: 3,
      files: 1,
      periods: ['2025-03', '2025-04'],
      reason: null,
    });
  });

  test('the same key again is a newer delivery', async () => {
    const receiving = begin();
    const first = await receiving.land('acme/again.csv', bill([{}]));
    await receiving.receive(first);
    const second = await receiving.land('acme/again.csv', bill([{ BilledCost: '7' }]));
    expect(await receiving.receive(second)).toMatchObject({ outcome: 'registered' });
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: second.deliveryId } });
  });

  test('an older delivery that arrives late does not win, and says which one stands against it', async () => {
    const receiving = begin();
    const older = await receiving.land('acme/late.csv', bill([{}]));
    const newer = await receiving.land('acme/late.csv', bill([{ BilledCost: '7' }]));
    await receiving.receive(newer);
    expect(await receiving.receive(older)).toMatchObject({ outcome: 'ignored', reason: 'newer_delivery_wanted' });
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: newer.deliveryId } });
    expect(receiving.deliveries.all.get(older.deliveryId)).toMatchObject({
      ...{ status: 'Superseded', rows: 1, periods: ['2025-03'] },
      reason: { code: 'newer_delivery_wanted', details: { deliveryId: newer.deliveryId } },
    });
    expect(receiving.deliveries.all.get(newer.deliveryId)).toMatchObject({ status: 'Registered' });
  });

  test('an older delivery that is the first of one of its months is registered for that', async () => {
    const receiving = begin();
    const older = await receiving.land('acme/months.csv', bill([{}, { BillingPeriodStart: '2025-04-01' }]));
    const newer = await receiving.land('acme/months.csv', bill([{ BilledCost: '7' }]));
    await receiving.receive(newer);
    expect(await receiving.receive(older)).toMatchObject({ outcome: 'registered' });
    expect(receiving.deliveries.all.get(older.deliveryId)).toMatchObject({ status: 'Registered', reason: null });
  });

  test('the content that a period has already is recognised and skipped', async () => {
    const receiving = begin();
    await receiving.receive(await receiving.land('acme/same.csv', bill([{}])));
    const copy = await receiving.land('acme/same.csv', bill([{}]));
    expect(await receiving.receive(copy)).toMatchObject({ outcome: 'ignored', reason: 'same_content' });
    expect(receiving.deliveries.all.get(copy.deliveryId)).toMatchObject({ status: 'Ignored', reason: null });
  });

  test('a newer copy of the content stands for it, so that a correction made before the copy and late does not win', async () => {
    const receiving = begin();
    await receiving.receive(await receiving.land('acme/back.csv', bill([{}])));
    const correction = await receiving.land('acme/back.csv', bill([{ BilledCost: '7' }]));
    const copy = await receiving.land('acme/back.csv', bill([{}]));
    expect(await receiving.receive(copy)).toMatchObject({ outcome: 'ignored', reason: 'same_content' });
    await receiving.receive(correction);
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: copy.deliveryId } });
  });

  test('a copy under another name does not stand for the file: the file’s next version is no second file', async () => {
    const receiving = begin();
    await receiving.receive(await receiving.land('acme/named/a.csv', bill([{}])));
    await receiving.receive(await receiving.land('acme/named/copy-of-a.csv', bill([{}])));
    const next = await receiving.land('acme/named/a.csv', bill([{ BilledCost: '7' }]));
    expect(await receiving.receive(next)).toMatchObject({ outcome: 'registered' });
  });

  test('a copy beside which an older delivery of other content comes to count meanwhile is registered after all', async () => {
    const receiving = begin();
    await receiving.receive(await receiving.land('acme/race.csv', bill([{}])));
    const older = await receiving.land('acme/race.csv', bill([{ BilledCost: '7' }]));
    const copy = await receiving.land('acme/race.csv', bill([{}]));
    const { standIn } = receiving.periods;
    receiving.periods.standIn = async (...asked) => {
      receiving.periods.standIn = standIn;
      await receiving.receive(older);
      return await standIn(...asked);
    };
    expect(await receiving.receive(copy)).toMatchObject({ outcome: 'registered' });
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: copy.deliveryId } });
  });

  test('of two files that come at once one is held, and none is wanted for a part of its months', async () => {
    const receiving = begin();
    const first = await receiving.land('acme/one.csv', bill([{}]));
    const both = await receiving.land('acme/both.csv', bill([{ BillingPeriodStart: '2025-02-01' }, {}]));
    const { wantTogether } = receiving.periods;
    receiving.periods.wantTogether = async (...asked) => {
      receiving.periods.wantTogether = wantTogether;
      await receiving.receive(first);
      return await wantTogether(...asked);
    };
    expect(await receiving.receive(both)).toMatchObject({ outcome: 'ignored', reason: 'second_bare_file' });
    expect(receiving.deliveries.all.get(both.deliveryId)).toMatchObject({ status: 'Held' });
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: first.deliveryId } });
    expect(await receiving.periods.find(ACME, BillingPeriod.parse('2025-02'))).toBeUndefined();
  });

  test('a second file for a period is held until a manifest names both', async () => {
    const receiving = begin();
    await receiving.receive(await receiving.land('acme/held/a.csv', bill([{}])));
    const second = await receiving.land('acme/held/b.csv', bill([{ SubAccountId: '2' }]));
    expect(await receiving.receive(second)).toMatchObject({ outcome: 'ignored', reason: 'second_bare_file' });
    expect(receiving.deliveries.all.get(second.deliveryId)).toMatchObject({
      status: 'Held',
      reason: {
        code: 'second_bare_file',
        details: { file: 'acme/held/b.csv', earlierFile: 'acme/held/a.csv', period: '2025-03' },
      },
    });
    const both = await receiving.land('acme/held/_manifest.json', JSON.stringify({ files: ['a.csv', 'b.csv'] }));
    expect(await receiving.receive(both)).toMatchObject({ outcome: 'registered' });
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: both.deliveryId } });
    expect(receiving.deliveries.all.get(second.deliveryId)).toMatchObject({ status: 'Ignored', reason: null });
  });

  test('a file whose word comes after that of the manifest that names it is part of that delivery', async () => {
    const receiving = begin();
    const first = await receiving.land('acme/late-word/a.csv', bill([{}]));
    const second = await receiving.land('acme/late-word/b.csv', bill([{ SubAccountId: '2' }]));
    const both = await receiving.land('acme/late-word/_manifest.json', JSON.stringify({ files: ['a.csv', 'b.csv'] }));
    expect(await receiving.receive(both)).toMatchObject({ outcome: 'registered' });
    for (const file of [first, second]) {
      await receiving.receive(file);
      expect(receiving.deliveries.all.get(file.deliveryId)).toMatchObject({ status: 'Ignored', reason: null });
    }
    const other = await receiving.land('acme/late-word/b.csv', bill([{ SubAccountId: '3' }]));
    await receiving.receive(other);
    expect(receiving.deliveries.all.get(other.deliveryId)).toMatchObject({ status: 'Held' });
    expect(await receiving.periods.find(ACME, MARCH)).toMatchObject({ wanted: { deliveryId: both.deliveryId } });
  });

  test('doing the step twice is doing it once', async () => {
    const receiving = begin();
    const object = await receiving.land('acme/twice.csv', bill([{}]));
    await receiving.readManifest(object);
    const answer = await receiving.convert(object, 0);
    const receipts = answer !== undefined && 'output' in answer ? [answer.output] : [];
    const first = await receiving.register(object, receipts);
    const wanted = await receiving.periods.find(ACME, MARCH);
    expect(await receiving.register(object, receipts)).toEqual(first);
    expect(await receiving.periods.find(ACME, MARCH)).toEqual(wanted);
  });

  test('an answer that is not the one its worker gave ends the delivery', async () => {
    const receiving = begin();
    const object = await receiving.land('acme/swapped.csv', bill([{}]));
    await receiving.readManifest(object);
    const answer = await receiving.convert(object, 0);
    const receipt = answer !== undefined && 'output' in answer ? answer.output : {};
    await expect(receiving.register(object, [{ ...Object(receipt), sha256: 'other' }])).rejects.toThrow(
      'is not the one',
    );
  });
});
