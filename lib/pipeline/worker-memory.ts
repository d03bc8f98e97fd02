/** What a worker needs beside DuckDB: Node, the SDK and streams, measured below 250 MB. */
const OWN_MEGABYTES = 384;

/** DuckDB's part of a worker's memory; beyond it DuckDB spills to the disk instead of being killed. */
export function databaseMegabytes(workerMegabytes: number): number {
  return Math.max(256, Math.floor((workerMegabytes - OWN_MEGABYTES) * 0.8));
}
