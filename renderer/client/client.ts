import { Channel, type CallOptions, splitPipe } from '../../shared/channel.ts';
import type { EngineApi, EngineEvents } from '../../shared/engine-api.ts';
import type { ShellApi, ShellEvents } from '../../shared/shell-api.ts';
import { openPipe } from './bridge.ts';

export type EngineChannel = Channel<EngineApi, EngineEvents, Record<string, never>>;
export type ShellChannel = Channel<ShellApi, ShellEvents, Record<string, never>>;

let engine: EngineChannel | null = null;
let shell: ShellChannel | null = null;

/** Connects both channels; rejects with a sentence. Called once, before anything is asked. */
export async function connect(onClose: () => void): Promise<{ engine: EngineChannel; shell: ShellChannel }> {
  const pipe = await openPipe();
  const parts = splitPipe(pipe, ['engine', 'shell']);
  pipe.onClose(onClose);
  engine = new Channel(parts.engine);
  shell = new Channel(parts.shell);
  return { engine, shell };
}

/** Asks the engine. Rejects as `Channel.call` does. */
export function ask<Name extends keyof EngineApi>(
  method: Name,
  params: EngineApi[Name]['params'],
  options: CallOptions<EngineApi[Name]> = {},
): Promise<EngineApi[Name]['result']> {
  if (engine === null) return Promise.reject(new Error('Not connected yet.'));
  return engine.call(method, params, options);
}

/** Asks the shell that holds the window. */
export function askShell<Name extends keyof ShellApi>(
  method: Name,
  params: ShellApi[Name]['params'],
): Promise<ShellApi[Name]['result']> {
  if (shell === null) return Promise.reject(new Error('Not connected yet.'));
  return shell.call(method, params);
}

/** Whether an error only says that somebody changed their mind. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
