import type { Command } from '../../model/commands.ts';
import { newPlugin, savePlugin } from '../../model/plugins.ts';
import { pluginsState } from '../../model/plugins-state.ts';
import { getState } from '../../model/store.ts';

const hasDocument = (): boolean => getState().place.view === 'plugins' && pluginsState().document !== null;
const hasPacket = (): boolean => getState().capture.status === 'open' && getState().place.packet !== null;

export const pluginCommands: readonly Command[] = [
  {
    id: 'plugins.save',
    title: 'Save the plugin',
    keys: ['Ctrl+S'],
    group: 'File',
    isEnabled: hasDocument,
    run: () => void savePlugin(),
  },
  {
    id: 'plugins.fromPacket',
    title: 'New dissector from this packet',
    group: 'File',
    isEnabled: hasPacket,
    run: () => newPlugin('dissector', getState().place.packet),
  },
  { id: 'plugins.newDissector', title: 'New plugin: dissector', group: 'File', run: () => newPlugin('dissector') },
  { id: 'plugins.newCheck', title: 'New plugin: check', group: 'File', run: () => newPlugin('check') },
  { id: 'plugins.newExport', title: 'New plugin: export', group: 'File', run: () => newPlugin('export') },
];
