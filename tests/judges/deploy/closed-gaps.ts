import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What ministack lacks of AWS and was given from outside: the reason at each place of `ministack_gaps.py`. */
export function closedGaps(): readonly string[] {
  const source = readFileSync(join(import.meta.dirname, 'ministack_gaps.py'), 'utf8');
  return [...source.matchAll(/^def close_\w+\(\):\n {4}"""(.*?)"""/gms)].map(([, reason = '']) =>
    reason.replaceAll(/\s+/g, ' ').trim(),
  );
}
