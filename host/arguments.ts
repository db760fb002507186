export interface HostArguments {
  /** As named; null where none is. */
  readonly capture: string | null;
  /** Print the address and start no browser. */
  readonly isBrowserWanted: boolean;
}

/** Reads the host's command line: `[--no-open] [CAPTURE]`. Throws an Error of one sentence where it is wrong. */
export function parseArguments(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): HostArguments {
  const captures: string[] = [];
  let isBrowserWanted = (environment['EARSHOT_NO_BROWSER'] ?? '') === '';
  let areOptionsOver = false;
  for (const word of args) {
    if (areOptionsOver || !word.startsWith('-')) captures.push(word);
    else if (word === '--') areOptionsOver = true;
    else if (word === '--no-open') isBrowserWanted = false;
    else if (word === '-') throw new Error('the window cannot read standard input; name a file.');
    else throw new Error(`there is no option "${word}" for the window.`);
  }
  if (captures.length > 1) throw new Error(`the window opens one capture; "${captures[1]}" is one too many.`);
  return { capture: captures[0] ?? null, isBrowserWanted };
}
