import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AthenaEngine } from './athena.ts';
import { makeBills } from './bills.ts';
import { readDeployment } from './deployment.ts';
import { MemoryOfStatements } from './memory-of-statements.ts';
import { PublishedReader } from './published.ts';
import type { Hall } from './sequence.ts';

/** Memory that looks like a disk, where there is one: a sequence writes thousands of small files. */
const SHARED_MEMORY = '/dev/shm';

/** A fresh folder that is quick to write to. */
export function quickFolder(): string {
  const parent = existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
  return realpathSync(mkdtempSync(join(parent, 'apportion-simulator-')));
}

/** Opens what all sequences of a process share, in a folder that `close` removes. Steps' work folders lie in it too. */
export async function openHall({
  change,
  shared,
}: {
  readonly change?: (definition: string) => string;
  /** A folder for what several processes compute; without it each computes for itself. */
  readonly shared?: string;
} = {}): Promise<Hall & { readonly close: () => void; readonly statementsRun: () => string }> {
  const folder = quickFolder();
  const work = join(folder, 'work');
  mkdirSync(work);
  const before = process.env.TMPDIR;
  process.env.TMPDIR = work;
  let really: Parameters<Hall['statements']>[0] = (act) => act();
  const statements = new MemoryOfStatements(join(shared ?? folder, 'statements'), (act) => really(act));
  const athena = await AthenaEngine.open(join(folder, 'athena'), join(shared ?? folder, 'queries'));
  return {
    deployment: readDeployment(change),
    athena,
    bills: await makeBills(join(folder, 'bills')),
    reader: await PublishedReader.open(folder),
    references: new Map(),
    folder,
    statements: (of) => {
      really = of;
      return statements;
    },
    statementsRun: () => `${statements.run} of ${statements.asked} statements, ${athena.run} queries`,
    close: () => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
