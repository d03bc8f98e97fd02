import { inParallel } from '../in-parallel.ts';
import {
  clearFile,
  type FetchedFile,
  fetchFile,
  type PreparedFile,
  prepareFile,
  storeFile,
  type Workbench,
} from './convert-file.ts';
import { type CountedRows, describeFiles } from './describe-file.ts';
import type { FileDescription } from './file-description.ts';
import type { Batch, FrozenFile } from './frozen-list.ts';

/** Small files are worked on together up to this much; a larger one has the worker's disk to itself. */
const TOGETHER_BYTES_MAX = 16 * 1024 * 1024;
const TRANSFERS_AT_ONCE = 8;

/** Converts the files of a batch, in order. Throws the Problem of the first file that can never be part of a bill. */
export async function convertBatch(bench: Workbench, batch: Batch): Promise<readonly FileDescription[]> {
  const described: FileDescription[] = [];
  for (const files of together(batch.files)) described.push(...(await convertTogether(bench, batch, files)));
  return described;
}

/** Neighbours whose sizes add up to little; a file above that alone. */
function together(files: readonly FrozenFile[]): readonly (readonly FrozenFile[])[] {
  const shares: FrozenFile[][] = [];
  let left = 0;
  for (const file of files) {
    if (shares.length === 0 || file.sizeBytes > left) {
      shares.push([]);
      left = Math.max(TOGETHER_BYTES_MAX, file.sizeBytes);
    }
    shares.at(-1)?.push(file);
    left -= file.sizeBytes;
  }
  return shares;
}

async function convertTogether(
  bench: Workbench,
  batch: Batch,
  files: readonly FrozenFile[],
): Promise<readonly FileDescription[]> {
  try {
    const fetched = await inParallel(files, TRANSFERS_AT_ONCE, (file) => orFault(() => fetchFile(bench, file)));
    const prepared = await prepareInOrder(bench, files, fetched);
    const counted = await describeAll(bench, prepared);
    return await inParallel([...prepared.entries()], TRANSFERS_AT_ONCE, ([place, file]) =>
      storeFile(bench, batch, file, required(counted[place])),
    );
  } finally {
    await Promise.all(files.map((file) => clearFile(bench, file)));
  }
}

/** Before a file's fault is told, the values of those before it are looked at: theirs would come first. */
async function prepareInOrder(
  bench: Workbench,
  files: readonly FrozenFile[],
  fetched: readonly (FetchedFile | Fault)[],
): Promise<readonly PreparedFile[]> {
  const prepared: PreparedFile[] = [];
  for (const [place, file] of files.entries()) {
    const got = required(fetched[place]);
    const next = got instanceof Fault ? got : await orFault(() => prepareFile(bench, file, got));
    if (next instanceof Fault) {
      await describeAll(bench, prepared);
      throw next.error;
    }
    prepared.push(next);
  }
  return prepared;
}

async function describeAll(bench: Workbench, files: readonly PreparedFile[]): Promise<readonly CountedRows[]> {
  const counted: CountedRows[] = [];
  for (const alike of runsOf(files)) {
    const locals = alike.map(({ local }) => local);
    counted.push(...(await describeFiles(bench.database, locals, alike[0]?.columns ?? [])));
  }
  return counted;
}

/** Neighbours with the same columns. */
function runsOf(files: readonly PreparedFile[]): readonly (readonly PreparedFile[])[] {
  const kindOf = ({ local, columns }: PreparedFile) => JSON.stringify([local.ofText, columns]);
  const runs: PreparedFile[][] = [];
  let kind: string | undefined;
  for (const file of files) {
    const next = kindOf(file);
    if (next !== kind) runs.push([]);
    runs.at(-1)?.push(file);
    kind = next;
  }
  return runs;
}

/** What was thrown, kept until its turn. */
class Fault {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

async function orFault<Result>(act: () => Promise<Result>): Promise<Result | Fault> {
  try {
    return await act();
  } catch (error) {
    return new Fault(error);
  }
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a file was left out');
  return value;
}
