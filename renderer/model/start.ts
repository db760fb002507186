import type { WindowApi } from '../../shared/engine-api.ts';
import { connect } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { readBlob } from './blob.ts';
import { runCommand } from './commands.ts';
import { openCapture } from './open.ts';
import { openPath } from './open-path.ts';
import { followCaptures, guardUnsavedPlugin, loadPlugins, pluginsChanged } from './plugins.ts';
import { update } from './store.ts';
import { isTheme, showTheme } from './theme.ts';

/** Connects to the shell and the engine, takes up what was kept, opens what was asked for. */
export async function start(): Promise<void> {
  showTheme();
  try {
    const { engine, shell } = await connect(() =>
      update({ disconnected: 'The engine has stopped: start Earshot again.' }),
    );
    engine.serve<WindowApi>({ 'blob.read': ({ offset, length }) => readBlob(offset, length) });
    engine.on('plugins.changed', () => void pluginsChanged());
    engine.on('capture.changed', () => update((state) => ({ revision: state.revision + 1 })));
    shell.on('shell.open', (source) => void openCapture(source));
    shell.on('shell.command', ({ id }) => runCommand(id));
    const info = await shell.call('shell.ready', {});
    const { theme, timeFormat, timeZone } = info.settings;
    update({
      shell: info,
      settings: info.settings,
      ...(isTheme(theme) ? { theme } : {}),
      ...(timeFormat === 'since-start' || timeFormat === 'since-previous' ? { timeFormat } : {}),
      ...(timeZone === 'local' ? { timeZone } : {}),
    });
    void loadPlugins();
    followCaptures();
    guardUnsavedPlugin();
    const last = info.queued.at(-1);
    if (last !== undefined) await openCapture(last);
    else await reopen();
  } catch (error) {
    update({ disconnected: sentenceOf(error) });
  }
}

/** A page that was loaded anew has lost its engine with the capture; what has a path is opened again. */
async function reopen(): Promise<void> {
  const path = openPath();
  if (path !== null) await openCapture({ kind: 'path', path });
}
