import { describe, expect, test } from 'vitest';
import type { AssignmentStore } from '../../../lib/ports/assignment-store.ts';
import { allPages, assignmentOf } from './ids-of-test.ts';

/** A store to test, and the revision that its changes raise. */
interface Opened {
  readonly assignments: AssignmentStore;
  readonly revision: () => Promise<number>;
}

/** What every AssignmentStore does. */
export function assignmentStoreBehaviour(name: string, open: () => Promise<Opened>): void {
  describe(`Assignments in ${name}`, () => {
    test('are found by their id whatever the case of its ASCII letters, and only of those', async () => {
      const { assignments } = await open();
      await assignments.replaceAll([assignmentOf('Sub-É', 1)]);
      expect(await assignments.find('sUB-É', null)).toEqual(assignmentOf('Sub-É', 1));
      expect(await assignments.find('sub-é', null)).toBeUndefined();
      expect(await assignments.find('Sub-É', 'AWS')).toBeUndefined();
    });

    test('of one id at two providers are two, also where an id looks like both', async () => {
      const { assignments } = await open();
      const named = { ...assignmentOf('a', 1), provider: 'b' };
      expect(await assignments.replaceAll([assignmentOf('a', 2), named, assignmentOf('a\nb', 3)])).toBe('replaced');
      expect(await assignments.find('a', 'b')).toEqual(named);
      expect(await assignments.find('a', null)).toEqual(assignmentOf('a', 2));
      expect(await assignments.find('a\nb', null)).toEqual(assignmentOf('a\nb', 3));
    });

    test('are written 40 in one call, all or none', async () => {
      const { assignments, revision } = await open();
      const forty = Array.from({ length: 40 }, (_, index) => assignmentOf(`sub-${index}`, 1));
      expect(await assignments.replaceAll(forty)).toBe('replaced');
      expect(await revision()).toBe(1);
      const mixed = [
        ...Array.from({ length: 39 }, (_, index) => assignmentOf(`new-${index}`, 1)),
        assignmentOf('sub-7', 2),
      ];
      expect(await assignments.replaceAll(mixed)).toBe('stale');
      expect(await assignments.find('new-0', null)).toBeUndefined();
      expect(await revision()).toBe(1);
      expect(await allPages((query) => assignments.list(query), 9)).toHaveLength(40);
    });

    test('are replaced only over the version before', async () => {
      const { assignments } = await open();
      const second = { ...assignmentOf('a', 2), version: 2 };
      expect(await assignments.replaceAll([second])).toBe('stale');
      await assignments.replaceAll([assignmentOf('a', 1)]);
      expect(await assignments.replaceAll([second])).toBe('replaced');
      expect(await assignments.replaceAll([second])).toBe('stale');
      expect(await assignments.find('a', null)).toEqual(second);
    });

    test('of one sub account by many at once: exactly one is made', async () => {
      const { assignments, revision } = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          assignments.replaceAll([assignmentOf(`own-${index}`, index), assignmentOf('shared', index)]),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
      expect(await allPages((query) => assignments.list(query), 5)).toHaveLength(2);
      expect(await revision()).toBe(1);
    });
  });
}
