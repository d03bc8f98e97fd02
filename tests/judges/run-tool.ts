import { execFile } from 'node:child_process';

/** How a command ended, with all that it said. */
interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs somebody else's command to its end, whatever its exit code is. @throws Error where it cannot be started */
export function runTool(command: string, args: readonly string[], { cwd, env }: ToolOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 256 * 1024 * 1024 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const exitCode = error?.code ?? 0;
      if (typeof exitCode === 'number') resolve({ exitCode, stdout, stderr });
      else reject(error);
    });
  });
}

/** Runs a command that has to succeed. @throws Error with the end of what it said */
export async function requireTool(command: string, args: readonly string[], options?: ToolOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await runTool(command, args, options);
  if (exitCode !== 0)
    throw new Error(
      `${command} ${args.slice(0, 3).join(' ')} ended with ${exitCode}: ${(stderr || stdout).slice(-2000)}`,
    );
  return stdout;
}
