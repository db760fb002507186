import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/**
 * The native menu. Its entries are the window's commands by their ids (renderer/model/commands.ts), so that menu, palette
 * and keyboard do the same; the keys shown are handled by the window itself.
 */
export function showMenu(run: (command: string) => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.name, run)));
}

/** The menu as a template, for a platform. */
export function menuTemplate(
  platform: NodeJS.Platform,
  name: string,
  run: (command: string) => void,
): MenuItemConstructorOptions[] {
  const command = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    id,
    label,
    click: () => run(id),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const isMac = platform === 'darwin';
  const file: MenuItemConstructorOptions = {
    label: '&File',
    submenu: [
      command('Open…', 'capture.open', 'CmdOrCtrl+O'),
      { role: 'recentDocuments', label: 'Open Recent', submenu: [{ role: 'clearRecentDocuments' }], visible: isMac },
      separator,
      command('Compare with Another Capture…', 'compare.with'),
      separator,
      command('Add Key Log…', 'keys.addLog', 'CmdOrCtrl+Shift+L'),
      command('Enter SRTP Key…', 'keys.enter'),
      command('Decode As…', 'decodeAs.open', 'CmdOrCtrl+Shift+U'),
      separator,
      command('Stop Reading', 'capture.stop'),
      command('Close Capture', 'capture.close'),
      separator,
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  };
  const view: MenuItemConstructorOptions = {
    label: '&View',
    submenu: [
      command('Overview', 'go.overview', 'Alt+1'),
      command('Calls', 'go.calls', 'Alt+2'),
      command('Streams', 'go.streams', 'Alt+3'),
      command('ICE and TURN', 'go.ice', 'Alt+4'),
      command('Problems', 'go.problems', 'Alt+5'),
      command('Packets', 'go.packets', 'Alt+6'),
      command('Keys', 'go.keys', 'Alt+7'),
      command('Plugins', 'go.plugins', 'Alt+0'),
      command('Capture Agents', 'go.agents', 'Alt+8'),
      command('Comparison of Capture Points', 'go.compare', 'Alt+9'),
      command('Compare Capture Points in This Capture', 'compare.within'),
      separator,
      command('Back', 'go.back', 'Alt+Left'),
      command('Forward', 'go.forward', 'Alt+Right'),
      separator,
      command('Filter', 'filter.focus', 'CmdOrCtrl+F'),
      command('Go to Time', 'time.focus', 'CmdOrCtrl+G'),
      command('Command Palette', 'palette.open', 'CmdOrCtrl+K'),
      separator,
      command('Switch Between Dark and Light', 'theme.toggle'),
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
    ],
  };
  const player: MenuItemConstructorOptions = {
    label: '&Player',
    submenu: [command('Play or Pause', 'player.toggle', 'Space'), command('Export WAV…', 'player.export')],
  };
  const help: MenuItemConstructorOptions = { role: 'help', submenu: [command('All Shortcuts', 'shortcuts.open')] };
  const edit: MenuItemConstructorOptions = { role: 'editMenu' };
  const all = [file, edit, view, player, help];
  return isMac ? [{ role: 'appMenu', label: name }, ...all, { role: 'windowMenu' }] : all;
}
