import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** Home of a JDK 17 or 21: Trino 435 starts on these, later versions ask for more. @throws Error where there is none */
export function findJdk(): string {
  const homes = [process.env.JAVA_HOME ?? '', ...globSync('/usr/lib/jvm/*-{17,21}*').sort()];
  const home = homes.find((one) => /17|21/.test(one) && existsSync(join(one, 'bin/javac')));
  if (home === undefined) throw new Error('there is no JDK 17 or 21 here');
  return home;
}
