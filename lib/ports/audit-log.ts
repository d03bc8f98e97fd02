/** One line of the audit: that somebody asks for a change, or what came of it. Nothing is ever changed or deleted. */
export interface AuditRecord {
  /** ISO time. */
  readonly at: string;
  /** Joins what was asked to what came of it. */
  readonly requestId: string;
  readonly kind: 'asked' | 'answered';
  readonly operationId: string;
  /** `sub` of the caller's token. */
  readonly sub: string;
  /** `asked`: path, query and body after parsing, as JSON text, and the version the change is based on. */
  readonly request?: string;
  readonly ifMatchVersion?: number;
  /** `answered`: the HTTP status, and the problem's code where it was refused. */
  readonly status?: number;
  readonly code?: string;
}

/** Who did what, append only. */
export interface AuditLog {
  append(record: AuditRecord): Promise<void>;
}
