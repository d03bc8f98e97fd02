/** One function as the template states it, ready to run. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** `<file>.<export>`, as in the template: `index.handler` is the export `handler` of `index.mjs`. */
  readonly handler: string;
  /** Absolute path of the unpacked bundle: what would be `/var/task`. */
  readonly codeFolder: string;
  /** Exactly the template's `Environment.Variables`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly runtime: string;
  readonly roleArn: string;
  readonly logGroup: string;
  /** `ReservedConcurrentExecutions`: more invocations at once than this are throttled. */
  readonly concurrencyMax?: number;
  /** `DeadLetterConfig`: where an asynchronous event goes that failed for the last time. */
  readonly deadLetterArn?: string;
}
