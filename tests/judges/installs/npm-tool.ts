import { join } from 'node:path';
import { requireTool } from '../run-tool.ts';
import { installOnce } from './install-once.ts';

/** Folder of an npm package's programs, installed apart from the project's own. @throws CannotInstall */
export async function npmTool({ name, packages }: { name: string; packages: readonly string[] }): Promise<string> {
  const folder = await installOnce(name, async (into) => {
    const quietly = ['--no-audit', '--no-fund', '--save-exact', '--loglevel=error', '--ignore-scripts'];
    await requireTool('npm', ['install', '--prefix', into, ...quietly, ...packages]);
  });
  return join(folder, 'node_modules/.bin');
}
