import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Assignment } from '../../../../lib/domain/assignment.ts';
import { ownerResolver } from '../../../../lib/pipeline/split-bill/resolve-owners.ts';

const A = 'cus_aaaaaaaaaaaa';
const B = 'cus_bbbbbbbbbbbb';
const KNOWN = new Set([A, B]);
const day = (n: number) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);

interface Range {
  owner: string;
  from: string | null;
  to: string | null;
}
const assigned = (subAccountId: string, ranges: Range[], provider: string | null = null) =>
  Assignment.parse({ subAccountId, provider, ranges, version: 1 });

describe('Who owns a sub account on which days', () => {
  test('a move in mid-month parts the days without a gap', () => {
    const resolve = ownerResolver(
      [
        assigned('123', [
          { owner: A, from: null, to: '2025-03-10' },
          { owner: B, from: '2025-03-10', to: '2025-04-01' },
        ]),
      ],
      KNOWN,
    );
    expect(resolve({ SubAccountId: '123', ProviderName: 'AWS' })).toEqual([
      { owner: A, from: null, to: '2025-03-10' },
      { owner: B, from: '2025-03-10', to: '2025-04-01' },
      { owner: 'unassigned', from: '2025-04-01', to: null },
    ]);
  });

  test('ids ignore the case of ASCII letters and no other case', () => {
    const resolve = ownerResolver([assigned('Sub-É-1', [{ owner: A, from: null, to: null }])], KNOWN);
    expect(resolve({ SubAccountId: 'sUB-É-1', ProviderName: null })).toEqual([{ owner: A, from: null, to: null }]);
    expect(resolve({ SubAccountId: 'sub-é-1', ProviderName: null })[0]?.owner).toBe('unassigned');
    expect(resolve({ SubAccountId: 'sub-É-1 ', ProviderName: null })[0]?.owner).toBe('unassigned');
  });

  test('an assignment for the row’s own provider wins on its days, one for any provider counts on the others', () => {
    const resolve = ownerResolver(
      [
        assigned('7', [{ owner: A, from: null, to: null }]),
        assigned('7', [{ owner: B, from: '2025-03-05', to: '2025-03-08' }], 'Microsoft'),
      ],
      KNOWN,
    );
    expect(resolve({ SubAccountId: '7', ProviderName: 'AWS' })).toEqual([{ owner: A, from: null, to: null }]);
    expect(resolve({ SubAccountId: '7', ProviderName: 'Microsoft' })).toEqual([
      { owner: A, from: null, to: '2025-03-05' },
      { owner: B, from: '2025-03-05', to: '2025-03-08' },
      { owner: A, from: '2025-03-08', to: null },
    ]);
  });

  test('the partner’s own sub accounts are the partner’s, a customer that is gone owns nothing', () => {
    const resolve = ownerResolver(
      [
        assigned('own', [{ owner: 'partner', from: null, to: null }]),
        assigned('gone', [{ owner: 'cus_cccccccccccc', from: null, to: null }]),
      ],
      KNOWN,
    );
    expect(resolve({ SubAccountId: 'own', ProviderName: null })[0]?.owner).toBe('partner');
    expect(resolve({ SubAccountId: 'gone', ProviderName: null })).toEqual([
      { owner: 'unassigned', from: null, to: null },
    ]);
  });

  test('every day has exactly one owner: that of the assignment that names the day, else unassigned', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 6 });
    const owners = fc.array(fc.constantFrom(A, B, 'partner', undefined), { minLength: 7, maxLength: 7 });
    const ranges = fc.tuple(cuts, owners).map(([days, names]) => {
      const edges = [null, ...days.sort((a, b) => a - b).map(day), null];
      return edges.slice(0, -1).flatMap((from, place): Range[] => {
        const owner = names[place];
        return owner === undefined ? [] : [{ owner, from, to: edges[place + 1] ?? null }];
      });
    });
    const ownerIn = (all: Range[], at: string) =>
      all.find(({ from, to }) => (from === null || from <= at) && (to === null || at < to))?.owner;
    await fc.assert(
      fc.property(ranges, ranges, fc.integer({ min: -5, max: 45 }), (general, specific, offset) => {
        const resolve = ownerResolver([assigned('X', general), assigned('x', specific, 'AWS')], KNOWN);
        const at = day(offset);
        const found = resolve({ SubAccountId: 'x', ProviderName: 'AWS' }).filter(
          ({ from, to }) => (from === null || from <= at) && (to === null || at < to),
        );
        expect(found.map(({ owner }) => owner)).toEqual([
          ownerIn(specific, at) ?? ownerIn(general, at) ?? 'unassigned',
        ]);
      }),
    );
  });
});
