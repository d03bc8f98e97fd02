import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Test files that take longest, the longest first. A fresh clone knows no durations, and vitest would then begin with
 * the largest files: a long one that comes last keeps one worker busy while the others have nothing left.
 */
const LONGEST = [
  'journeys/killed.test.ts',
  'oracle/against-the-product.test.ts',
  'journeys/many-files.test.ts',
  'oracle/metamorphic/metamorphic.test.ts',
  'journeys/many-sub-accounts.test.ts',
] as const;

/** Runs the longest files first, then the others in vitest's order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`tests/${name}`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}
