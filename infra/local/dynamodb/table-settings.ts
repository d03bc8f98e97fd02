import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

/** What dynalite does not keep of a table. */
const TableSettings = z.object({
  /** The attribute that holds each item's time to live, in seconds since 1970. */
  timeToLive: z.string().optional(),
  stream: z.object({ specification: z.record(z.string(), z.unknown()), label: z.string() }).optional(),
});
export type TableSettings = z.infer<typeof TableSettings>;

const SettingsFile = z.record(z.string(), TableSettings);

/** Settings by table name, kept beside the database. */
export class SettingsByTable {
  readonly #path: string | undefined;
  readonly #byTable: Map<string, TableSettings>;

  /** @param path absent for a database in memory. */
  constructor(path: string | undefined) {
    this.#path = path;
    const kept =
      path !== undefined && existsSync(path) ? SettingsFile.parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
    this.#byTable = new Map(Object.entries(kept));
  }

  get(table: string): TableSettings {
    return this.#byTable.get(table) ?? {};
  }

  entries(): readonly (readonly [table: string, settings: TableSettings])[] {
    return [...this.#byTable];
  }

  set(table: string, settings: TableSettings): void {
    this.#byTable.set(table, settings);
    this.#write();
  }

  delete(table: string): void {
    if (this.#byTable.delete(table)) this.#write();
  }

  #write(): void {
    if (this.#path === undefined) return;
    writeFileSync(`${this.#path}.new`, JSON.stringify(Object.fromEntries(this.#byTable)));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
