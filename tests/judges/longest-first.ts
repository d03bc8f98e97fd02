import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of judges by how long they take on two quiet cores: so the last ones to end end about together. */
const LONGEST_FIRST = ['sql', 'output', 'deploy', 'api', 'stand-ins', 'template'];

/** Order in which judges are asked. One that is not listed is asked first: who has not looked how long it takes loses nothing. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => LONGEST_FIRST.indexOf(basename(moduleId, '.judge.ts'));
    return files.toSorted((one, other) => place(one) - place(other));
  }
}
