/** Exit codes of the commands (`split-command.md`). */
export const EXIT = { reconciled: 0, ourFault: 1, badInput: 2, quarantined: 3 } as const;

/** Ends a command with a message for the person who typed it. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(exitCode: (typeof EXIT)[keyof typeof EXIT], message: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** Runs a command's body; a CommandError is printed as it is, anything else is our fault and shows where it came from. */
export async function exitWith(body: () => Promise<number>): Promise<never> {
  try {
    process.exit(await body());
  } catch (error) {
    if (error instanceof CommandError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(error.exitCode);
    }
    process.stderr.write(`This is our own fault: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exit(EXIT.ourFault);
  }
}
