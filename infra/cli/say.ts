/** Says something to the person at the terminal, on stderr: stdout is for results. */
export type Say = (line: string) => void;

/** Progress lines with the seconds since the command began; nothing when quiet. */
export function sayProgress(quiet: boolean): Say {
  const began = Date.now();
  return (line) => {
    if (!quiet) process.stderr.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  };
}
