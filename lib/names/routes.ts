/** Routes of the HTTP API that are not `$default` (the api function, behind the authorizer), as API Gateway spells them. */
export const ROUTES = {
  /** The contract and its reader, open: they hold nothing of the partner's. */
  openApi: 'GET /v1/openapi.json',
  docs: 'GET /v1/docs',
  /** Needs DuckDB, hence a function of its own. */
  previewRules: 'POST /v1/rules/preview',
  /** Reads what only previews write. */
  getPreview: 'GET /v1/rules/previews/{previewId}',
} as const;
