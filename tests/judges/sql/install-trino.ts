import { globSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findJdk } from '../installs/find-jdk.ts';
import { installOnce } from '../installs/install-once.ts';
import { JUDGES } from '../judges.ts';
import { requireTool } from '../run-tool.ts';

const SOURCES = join(import.meta.dirname, 'java');

/** A Trino on disk and the JDK that runs it. */
export interface InstalledTrino {
  readonly folder: string;
  readonly java: string;
}

/** Fetches Trino with Maven and compiles the two classes that start it over a local folder. @throws CannotInstall */
export async function installTrino(): Promise<InstalledTrino> {
  const { name, version } = JUDGES.trino;
  const folder = await installOnce(`${name.toLowerCase()}-${version}`, async (into) => {
    const jdk = findJdk();
    const tool = (program: string) => join(jdk, 'bin', program);
    const maven = [
      '-q',
      '-B',
      '-f',
      join(SOURCES, 'pom.xml'),
      `-Dout=${into}`,
      `-Dtrino.version=${version}`,
      'package',
    ];
    await requireTool('mvn', maven, { env: { JAVA_HOME: jdk } });
    const hive = join(into, 'plugin/hive');
    await rename(join(into, `plugin/trino-hive-${version}`), hive);
    const classes = join(into, 'classes');
    await mkdir(join(classes, 'META-INF/services'), { recursive: true });
    const path = `${join(hive, '*')}:${join(into, 'lib', '*')}`;
    const sources = globSync('judges/*.java', { cwd: SOURCES }).map((file) => join(SOURCES, file));
    await requireTool(tool('javac'), ['-cp', path, '-d', classes, ...sources]);
    await writeFile(join(classes, 'META-INF/services/io.trino.spi.Plugin'), 'judges.LocalHivePlugin\n');
    for (const jar of [join(into, 'lib/0-start-server.jar'), join(hive, '0-local-hive.jar')])
      await requireTool(tool('jar'), ['cf', jar, '-C', classes, '.']);
  });
  return { folder, java: join(findJdk(), 'bin/java') };
}
