import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../lib/domain/problem.ts';
import * as limits from '../../lib/sources/limits.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8');

describe('the page of limits', () => {
  test.each(Object.entries(limits))('names %s as it is', (_, limit) => {
    expect(page).toMatch(new RegExp(`(?<![0-9])${limit}(?![0-9])`));
  });

  test('names no code that is not in the catalogue', () => {
    const codes = [...page.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => code === undefined || !(code in PROBLEMS))).toEqual([]);
  });
});
