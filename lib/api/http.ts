/** A request as any HTTP front gives it; header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Claims of a token that the gateway has verified; undefined without one. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
}

/** An answer as any HTTP front sends it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
