import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where Earshot keeps what it remembers of its user, by the platform's own rule. Not made here. */
export function configFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  const given = environment['XDG_CONFIG_HOME'];
  // The XDG Base Directory specification: a relative path is to be ignored. Honoured on every platform, for tests.
  if (given !== undefined && isAbsolute(given)) return join(given, 'earshot');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Earshot');
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Earshot');
  return join(home, '.config', 'earshot');
}
