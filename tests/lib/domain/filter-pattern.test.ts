import { describe, expect, test } from 'vitest';
import { parsePattern, writePattern } from '../../../lib/domain/filter-pattern.ts';

function written(text: string, foldsCase = false): string {
  const parsed = parsePattern(text);
  return 'wrong' in parsed ? parsed.wrong : writePattern(parsed.tokens, 'sql', { foldsCase });
}

describe('A regular expression of a filter', () => {
  test.each([
    ['^m5\\.(large|xlarge)$', '\\Am5\\.(large|xlarge)\\z'],
    ['a.b', 'a[^\n]b'],
    ['\\s+\\S', '[\t-\n\f-\r ]+[^\t-\n\f-\r ]'],
    ['[a-z_\\-]{2,5}?', '[a-z_\\-]{2,5}?'],
    ['[^\\d.]\\p{L}\\b', '[^\\.\\d]\\p{L}\\b'],
    ['(?i)usw2-', '(?i)usw2-'],
    ['(?:a|b)*', '(?:a|b)*'],
    ['per (GB|hour)', 'per (GB|hour)'],
  ])('CH-15 %j is written so that every engine reads it alike', (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  test('folds its capitals where the value’s case is folded, and no class letter', () => {
    expect(written('Acc-[A-Z]\\D\\W[^B-b]', true)).toBe('acc-[a-z]\\D\\W[^B-bb-z]');
  });

  test.each([
    '(?=a)',
    '(?<name>a)',
    'a(?i)b',
    '\\1',
    'a++',
    'a{1001}',
    '(a{100}){100}',
    'a{2,1}',
    '*a',
    'a**',
    '(a',
    'a)',
    '[a',
    '[b-a]',
    '[[:alpha:]]',
    '[a&&b]',
    'a{',
    'a]',
    'a\\',
    '\\Qa\\E',
    '\\Z',
    '\\x41',
    '\\p{Greek}',
    'a'.repeat(1_001),
  ])('CH-15 %j is refused with what is wrong', (text) => {
    expect(parsePattern(text)).toHaveProperty('wrong');
  });
});
