import { resolve } from 'node:path';

/**
 * Captures to open that came before a window could ask: by argument, double-click, second start. They wait here until the
 * window is ready to take them; from then on they go straight to it.
 */
export class OpenQueue {
  private readonly waiting: string[] = [];
  private taker: ((path: string) => void) | null = null;

  add(path: string): void {
    if (this.taker === null) this.waiting.push(path);
    else this.taker(path);
  }

  /** What waited; from now on `taker` gets what comes. */
  take(taker: (path: string) => void): string[] {
    this.taker = taker;
    return this.waiting.splice(0);
  }

  /** The window went away or is loaded anew: what comes waits again. */
  release(): void {
    this.taker = null;
  }
}

/**
 * The captures named on a command line. `argv` is the process's: the program, in development also the folder or file of
 * the app, then what the user gave. Switches (also Chromium's own) are no captures.
 */
export function capturesOf(argv: readonly string[], isPackaged: boolean, folder: string): string[] {
  const given = argv.slice(isPackaged ? 1 : 2);
  return given.filter((argument) => argument !== '' && !argument.startsWith('-')).map((path) => resolve(folder, path));
}
