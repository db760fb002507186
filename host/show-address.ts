import { spawn } from 'node:child_process';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  // Not `start`: no shell gets to read the address.
  win32: ['rundll32.exe', 'url.dll,FileProtocolHandler'],
};

/** Shows an https address in the user's own browser. What fails stays unsaid: nothing depends on it. */
export function showAddress(address: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
