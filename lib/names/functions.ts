/**
 * Every Lambda function: the entry file under `functions/`, and whether its bundle carries DuckDB's native binding.
 * The bundle of `name` is `dist/<name>/index.mjs` with the export `handler`, zipped to `<CodePrefix><name>.zip`.
 */
export const FUNCTIONS = {
  'start-run': { entry: 'functions/bill-pipeline/start-run.ts', duckdb: false },
  'read-manifest': { entry: 'functions/bill-pipeline/read-manifest.ts', duckdb: false },
  'convert-files': { entry: 'functions/bill-pipeline/convert-files.ts', duckdb: true },
  'register-delivery': { entry: 'functions/bill-pipeline/register-delivery.ts', duckdb: false },
  'acquire-lease': { entry: 'functions/bill-pipeline/acquire-lease.ts', duckdb: false },
  'plan-shards': { entry: 'functions/bill-pipeline/plan-shards.ts', duckdb: false },
  'price-shard': { entry: 'functions/bill-pipeline/price-shard.ts', duckdb: true },
  reconcile: { entry: 'functions/bill-pipeline/reconcile.ts', duckdb: true },
  publish: { entry: 'functions/bill-pipeline/publish.ts', duckdb: false },
  'release-lease': { entry: 'functions/bill-pipeline/release-lease.ts', duckdb: false },
  'close-run': { entry: 'functions/bill-pipeline/close-run.ts', duckdb: false },
  'fail-dead-task': { entry: 'functions/bill-pipeline/fail-dead-task.ts', duckdb: false },
  'price-additions': { entry: 'functions/bill-pipeline/price-additions.ts', duckdb: true },
  'write-lists': { entry: 'functions/bill-pipeline/write-lists.ts', duckdb: false },
  'sweep-lake': { entry: 'functions/bill-pipeline/sweep-lake.ts', duckdb: false },
  api: { entry: 'functions/api/api.ts', duckdb: false },
  'preview-job': { entry: 'functions/api/preview-job.ts', duckdb: true },
  'preview-rules': { entry: 'functions/api/preview-rules.ts', duckdb: true },
} as const;

/** The name of one function, also the name of its bundle. */
export type FunctionName = keyof typeof FUNCTIONS;
