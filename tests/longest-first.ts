import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * An order for vitest: the named files first, as they are listed, then the others in its own. A fresh clone knows no
 * durations, and vitest would begin with the largest files: a long one that comes last keeps one worker busy while the
 * others have nothing left. Names are ends of paths; the list is the longest first.
 */
export function longestFirst(names: readonly string[]): typeof BaseSequencer {
  const place = ({ moduleId }: TestSpecification) => {
    const at = names.findIndex((name) => moduleId.endsWith(`/${name}`));
    return at < 0 ? names.length : at;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
    }
  };
}
