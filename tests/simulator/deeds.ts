import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** What was computed once, by a name that says what it was computed of; processes that share a folder share it. */
export class Deeds<Deed> {
  readonly #known = new Map<string, Deed>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  find(name: string): Deed | undefined {
    const known = this.#known.get(name);
    const path = join(this.#folder, name);
    if (known !== undefined || !existsSync(path)) return known;
    const told = deserialize(readFileSync(path)) as Deed;
    this.#known.set(name, told);
    return told;
  }

  keep(name: string, deed: Deed): void {
    this.#known.set(name, deed);
    const path = join(this.#folder, name);
    writeFileSync(`${path}.${process.pid}`, serialize(deed));
    renameSync(`${path}.${process.pid}`, path);
  }
}
