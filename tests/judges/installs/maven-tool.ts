import { globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTool } from '../run-tool.ts';
import { findJdk } from './find-jdk.ts';
import { installOnce } from './install-once.ts';

/** A program of Maven's: what it is made of, as `group:artifact:version`. */
interface MavenTool {
  readonly name: string;
  readonly artifacts: readonly string[];
}

/** A program on disk. */
export interface JavaProgram {
  readonly java: string;
  /** Folder of its jars, and of native libraries beside them. */
  readonly lib: string;
}

/** Fetches the artifacts with all that they need into one folder. @throws CannotInstall */
export async function mavenTool({ name, artifacts }: MavenTool): Promise<JavaProgram> {
  const folder = await installOnce(name, async (into) => {
    await mkdir(join(into, 'lib'));
    await writeFile(join(into, 'pom.xml'), pomOf(artifacts));
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${into}/lib`, '-DincludeScope=runtime'];
    await requireTool('mvn', ['-q', '-B', '-f', join(into, 'pom.xml'), ...copy], { env: { JAVA_HOME: findJdk() } });
    if (globSync('lib/*.jar', { cwd: into }).length === 0) throw new Error('Maven fetched nothing');
  });
  return { java: join(findJdk(), 'bin/java'), lib: join(folder, 'lib') };
}

function pomOf(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, id, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${id}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>apportion.judges</groupId><artifactId>fetched</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependencies.join('')}</dependencies></project>
`;
}
