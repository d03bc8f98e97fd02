/** What an execution environment is asked to do; `payload` is the event as JSON text. */
export interface InvokeMessage {
  readonly kind: 'invoke';
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds since the epoch at which the function is stopped. */
  readonly deadline: number;
  readonly traceId: string;
  readonly context: {
    readonly functionName: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
}

/** An error as Lambda reports it in the payload of a failed invocation. */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/**
 * What an execution environment says: that its module is loaded, that loading failed, an invocation's answer, its
 * error, or an error outside any invocation, after which it ends.
 */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-error'; readonly error: ReportedError }
  | { readonly kind: 'result'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'error'; readonly requestId: string; readonly error: ReportedError }
  | { readonly kind: 'crash'; readonly error: ReportedError };
