import { describe, expect, test } from 'vitest';
import type { RuleId } from '../../../lib/domain/ids.ts';
import type { RuleList, RuleStore } from '../../../lib/ports/rule-store.ts';
import { ruleOf } from './ids-of-test.ts';

/** A store to test, and the revision that its changes raise. */
interface Opened {
  readonly rules: RuleStore;
  readonly revision: () => Promise<number>;
}

/** What every RuleStore does. */
export function ruleStoreBehaviour(name: string, open: () => Promise<Opened>): void {
  const openWith = async (...numbers: number[]) => {
    const { rules, revision } = await open();
    for (const number of numbers) expect(await rules.add(ruleOf(number), await rules.list())).toBe('added');
    const order = async () => (await rules.list()).rules.map((rule) => `${rule.order} ${rule.rule.name}`);
    return { rules, revision, order };
  };
  const idOf = (number: number): RuleId => ruleOf(number).id;

  describe(`Rules in ${name}`, () => {
    test('are none at first, under order version 0', async () => {
      const { rules } = await openWith();
      expect(await rules.list()).toEqual({ rules: [], orderVersion: 0 });
    });

    test('come at the end, in an order of 1 to n', async () => {
      const { order, revision } = await openWith(3, 1, 2);
      expect(await order()).toEqual(['1 Rule 3', '2 Rule 1', '3 Rule 2']);
      expect(await revision()).toBe(3);
    });

    test('keep everything that was said of them', async () => {
      const filter = { all: [{ field: 'Tags', key: 'env', op: 'in', values: ['dev', ''] }] };
      const rule = ruleOf(1, { filter, mode: 'zero', endDate: '2025-12-31', enabled: false });
      const { rules } = await openWith();
      await rules.add(rule, await rules.list());
      expect((await rules.list()).rules).toEqual([{ ...rule, order: 1 }]);
    });

    test('are added, removed and reordered only on the order that is', async () => {
      const { rules, order, revision } = await openWith(1, 2);
      const old = await rules.list();
      const [first] = old.rules;
      await rules.add(ruleOf(3), old);
      expect(await rules.add(ruleOf(4), old)).toBe('stale');
      expect(await rules.reorder([idOf(2), idOf(1)], old)).toBe('stale');
      expect(first && (await rules.remove(first, old))).toBe('stale');
      expect(await order()).toEqual(['1 Rule 1', '2 Rule 2', '3 Rule 3']);
      expect(await revision()).toBe(3);
    });

    test('take a new version without losing their place, only over the version before', async () => {
      const { rules, order } = await openWith(1, 2);
      const second = { ...ruleOf(1, { name: 'Renamed' }), version: 2, order: 1 };
      expect(await rules.replace(second)).toBe('replaced');
      expect(await rules.replace(second)).toBe('stale');
      expect(await order()).toEqual(['1 Renamed', '2 Rule 2']);
    });

    test('leave no gap when one is removed, and cannot be changed after', async () => {
      const { rules, order } = await openWith(1, 2, 3);
      const list = await rules.list();
      const second = list.rules[1];
      if (!second) throw new Error('there are three');
      expect(await rules.remove({ ...second, version: 2 }, list)).toBe('stale');
      expect(await rules.remove(second, list)).toBe('removed');
      expect(await order()).toEqual(['1 Rule 1', '2 Rule 3']);
      expect(await rules.replace({ ...second, version: 2 })).toBe('stale');
    });

    test('four hundred are reordered in one change of the revision', { timeout: 120_000 }, async () => {
      const { rules, revision } = await open();
      let list: RuleList = await rules.list();
      for (let number = 1; number <= 400; number += 1) {
        const rule = ruleOf(number, { name: `Rule ${number} ${'x'.repeat(100)}` });
        expect(await rules.add(rule, list)).toBe('added');
        list = { rules: [...list.rules, { ...rule, order: number }], orderVersion: list.orderVersion + 1 };
      }
      const reversed = list.rules.map(({ id }) => id).reverse();
      const before = await revision();
      expect(await rules.reorder(reversed, list)).toBe('reordered');
      expect(await revision()).toBe(before + 1);
      expect((await rules.list()).rules.map(({ id, order }) => [id, order])).toEqual(
        reversed.map((id, index) => [id, index + 1]),
      );
    });

    test('reordered by two at once are in the order of one of them', async () => {
      const { rules, order } = await openWith(1, 2, 3);
      const list = await rules.list();
      const wanted = [
        [3, 2, 1],
        [2, 1, 3],
      ].map((numbers) => numbers.map(idOf));
      const outcomes = await Promise.all(wanted.map((ids) => rules.reorder(ids, list)));
      expect(outcomes.toSorted()).toEqual(['reordered', 'stale']);
      const winner = outcomes[0] === 'reordered' ? '1 Rule 3, 2 Rule 2, 3 Rule 1' : '1 Rule 2, 2 Rule 1, 3 Rule 3';
      expect((await order()).join(', ')).toBe(winner);
    });

    test('read while others change them are never half a change', async () => {
      const { rules } = await openWith(1, 2, 3);
      const change = async () => {
        for (let number = 4; number < 12; number += 1) {
          await rules.add(ruleOf(number), await rules.list());
          const list = await rules.list();
          const first = list.rules[0];
          if (first) await rules.remove(first, list);
        }
      };
      let changing = true;
      const changed = change().finally(() => {
        changing = false;
      });
      while (changing) {
        const list = await rules.list();
        expect(list.rules.map(({ order }) => order)).toEqual(list.rules.map((_, index) => index + 1));
        expect([3, 4]).toContain(list.rules.length);
      }
      await changed;
    });
  });
}
