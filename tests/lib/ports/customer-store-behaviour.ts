import { describe, expect, test } from 'vitest';
import type { CustomerStore } from '../../../lib/ports/customer-store.ts';
import { allPages, customerId, customerOf } from './ids-of-test.ts';

/** A store to test, and the revision that its changes raise. */
interface Opened {
  readonly customers: CustomerStore;
  readonly revision: () => Promise<number>;
}

/** What every CustomerStore does. */
export function customerStoreBehaviour(name: string, open: () => Promise<Opened>): void {
  describe(`Customers in ${name}`, () => {
    test('are found as they were added, and an unknown one is not', async () => {
      const { customers } = await open();
      expect(await customers.add(customerOf(1))).toBe('added');
      expect(await customers.find(customerId(1))).toEqual(customerOf(1));
      expect(await customers.find(customerId(2))).toBeUndefined();
    });

    test('own their name in whatever case of letters, until they take another', async () => {
      const { customers } = await open();
      await customers.add(customerOf(1, 'Ärzte AG'));
      expect(await customers.add(customerOf(2, 'äRZTE ag'))).toBe('name_taken');
      expect(await customers.find(customerId(2))).toBeUndefined();
      expect(await customers.replace({ ...customerOf(1, 'ärzte ag'), version: 2 })).toBe('replaced');
      expect(await customers.replace({ ...customerOf(1, 'Anders'), version: 3 })).toBe('replaced');
      expect(await customers.add(customerOf(2, 'Ärzte AG'))).toBe('added');
      expect(await customers.replace({ ...customerOf(1, 'ÄRZTE AG'), version: 4 })).toBe('name_taken');
      expect((await customers.find(customerId(1)))?.name).toBe('Anders');
    });

    test('are replaced only over the version before', async () => {
      const { customers } = await open();
      expect(await customers.replace({ ...customerOf(1), version: 2 })).toBe('stale');
      await customers.add(customerOf(1));
      expect(await customers.replace({ ...customerOf(1), version: 3 })).toBe('stale');
      expect(await customers.replace({ ...customerOf(1, 'New'), version: 2 })).toBe('replaced');
      expect(await customers.replace({ ...customerOf(1, 'Other'), version: 2 })).toBe('stale');
      expect(await customers.add(customerOf(2, 'Other'))).toBe('added');
      expect(await customers.add(customerOf(3, 'Customer 1'))).toBe('added');
    });

    test('added under one name at once are one', async () => {
      const { customers } = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => customers.add(customerOf(index, 'Wanted'))),
      );
      expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(1);
      expect(await allPages((query) => customers.list(query), 5)).toHaveLength(1);
    });

    test('are listed once each on pages of any size', async () => {
      const { customers } = await open();
      for (let number = 0; number < 7; number += 1) await customers.add(customerOf(number));
      for (const limit of [1, 3, 7, 200]) {
        const listed = await allPages((query) => customers.list(query), limit);
        expect(listed.map(({ id }) => id).toSorted()).toEqual(Array.from({ length: 7 }, (_, n) => customerId(n)));
      }
    });

    test('raise the revision with every change and with no refusal', async () => {
      const { customers, revision } = await open();
      await customers.add(customerOf(1));
      await customers.replace({ ...customerOf(1, 'New'), version: 2 });
      const before = await revision();
      expect(before).toBe(2);
      await customers.add(customerOf(2, 'new'));
      await customers.replace({ ...customerOf(1), version: 2 });
      expect(await revision()).toBe(before);
    });
  });
}
