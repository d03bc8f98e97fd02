import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireTool, runTool } from '../run-tool.ts';
import { installOnce } from './install-once.ts';

/** A tool of Python's, in a virtual environment of its own. */
interface PythonTool {
  readonly name: string;
  /** `package==version`, the tool's own first. */
  readonly requirements: readonly string[];
}

/** focus-validator and ministack ask for it; the others take it. */
const OLDEST = '3.12';

/** Folder of the environment's programs. @throws CannotInstall */
export async function pythonTool({ name, requirements }: PythonTool): Promise<string> {
  const folder = await installOnce(name, async (into) => {
    await requireTool(await findPython(), ['-m', 'venv', into]);
    const quietly = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await requireTool(join(into, 'bin/python'), [...quietly, ...requirements]);
  });
  return join(folder, 'bin');
}

/** The first interpreter that is new enough: on the PATH, or one of pyenv's. */
async function findPython(): Promise<string> {
  const versions = globSync(join(homedir(), '.pyenv/versions/3.*/bin/python')).sort();
  const isNewEnough = `import sys; sys.exit(sys.version_info < (${OLDEST.replace('.', ', ')}))`;
  for (const python of ['python3', 'python3.13', 'python3.12', ...versions]) {
    const tried = await runTool(python, ['-c', isNewEnough]).catch(() => undefined);
    if (tried?.exitCode === 0) return python;
  }
  throw new Error(`there is no Python ${OLDEST} or newer here`);
}
