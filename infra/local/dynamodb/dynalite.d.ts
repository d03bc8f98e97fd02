declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Only what the stand-in sets; the rest: https://github.com/architect/dynalite#api */
  interface DynaliteOptions {
    /** LevelDB's folder; memory when absent. */
    readonly path?: string;
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
