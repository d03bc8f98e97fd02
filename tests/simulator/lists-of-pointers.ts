import type { PeriodState } from '../../lib/domain/period-state.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { Publication } from '../../lib/pipeline/split-bill/publication.ts';
import { linesOf } from './published.ts';
import type { World } from './world.ts';

/**
 * What readers would see that the pointers do not say: the lists of every (integration, period) are, once it is quiet,
 * exactly those of the run that its pointer names, whoever moved it there, a run or the partner.
 */
export function listsBesidePointers({ lake }: World, periods: readonly PeriodState[]): readonly string[] {
  return periods.flatMap(({ integrationId, period, published }) => {
    const name = `${integrationId} ${period}`;
    const there = lake.keys.filter(
      (key) => key.includes('published/') && key.endsWith(`=${period}/${integrationId}.txt`),
    );
    if (published === null) return there.map((key) => `${key} is listed, and nothing of ${name} is published`);
    const text = lake.bytes(LAKE.publication(published.runId))?.toString('utf8');
    if (text === undefined) return [`the publication of ${name} is gone`];
    const expected = listsOf(lake.name, text);
    const wrong = [...new Set([...there, ...expected.keys()])].filter(
      (key) => lake.bytes(key)?.toString('utf8') !== expected.get(key),
    );
    const gone = there
      .flatMap((key) => linesOf(lake.bytes(key)?.toString('utf8') ?? ''))
      .filter((uri) => lake.bytes(uri.replace(`s3://${lake.name}/`, '')) === undefined);
    return [
      ...wrong.map((key) => `${key} is not that of the run which ${name} points to`),
      ...gone.map((uri) => `${uri} is listed for ${name}, and is gone`),
    ];
  });
}

/** The lists of a publication as stored, by key. */
export function listsOf(bucket: string, publication: string): ReadonlyMap<string, string> {
  const { integrationId, period, lists } = Publication.parse(JSON.parse(publication));
  return new Map(
    lists.map(({ table, owner, keys }) => [
      LAKE.publishedList(table, owner, period, integrationId),
      keys.map((key) => `s3://${bucket}/${key}\n`).join(''),
    ]),
  );
}
