import { askShell, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { addCommands } from '../model/commands.ts';
import { go, goBack, goForward } from '../model/navigate.ts';
import { closeCapture, openCapture, stopReading } from '../model/open.ts';
import type { ViewName } from '../model/place.ts';
import { cancelRereading } from '../model/reread.ts';
import { enterEspSas, enterSrtpKey, pickKeyLogs } from '../model/secrets.ts';
import { keep } from '../model/settings.ts';
import { getState, type TimeFormat, update } from '../model/store.ts';
import { toggleTheme } from '../model/theme.ts';
import { compareCommands } from '../views/compare/compare-commands.ts';
import { pluginCommands } from '../views/plugins/plugin-commands.ts';
import { goToProblem } from './problems-walk.ts';

const hasCapture = (): boolean => {
  const { status } = getState().capture;
  return status === 'open' || status === 'reading';
};

/** Asks for a capture: by the system's dialog where the shell has one, else by the window's own chooser. */
export async function pickCapture(): Promise<void> {
  if (getState().shell?.hasDialogs !== true) {
    update({ overlay: 'chooser' });
    return;
  }
  try {
    const path = await askShell('shell.pickCapture', {});
    if (path !== null) await openCapture({ kind: 'path', path });
  } catch (error) {
    if (!isCancelled(error)) update({ notice: sentenceOf(error) });
  }
}

export function focusFilter(): void {
  document.querySelector<HTMLInputElement>('#filter')?.focus();
}

function showTimes(timeFormat: TimeFormat): void {
  update({ timeFormat });
  keep({ timeFormat });
}

function hasAgents(): boolean {
  const { capture } = getState();
  return capture.status === 'open' && (capture.result.info.agents?.length ?? 0) > 0;
}

function view(id: ViewName, title: string, key: string) {
  const run = (): void => go({ view: id });
  return {
    id: `go.${id}`,
    title: `Go to ${title}`,
    keys: [`Alt+${key}`],
    group: 'Go' as const,
    isEnabled: hasCapture,
    run,
  };
}

/** The commands of the window itself; gives the function that takes them away. */
export function addShellCommands(): () => void {
  return addCommands([
    { id: 'capture.open', title: 'Open a capture…', keys: ['Ctrl+O'], group: 'File', run: () => void pickCapture() },
    {
      id: 'capture.close',
      title: 'Close the capture',
      group: 'File',
      isEnabled: () => getState().capture.status !== 'none',
      run: closeCapture,
    },
    {
      id: 'capture.stop',
      title: 'Stop reading and keep what was read',
      group: 'File',
      isEnabled: () => getState().capture.status === 'reading',
      run: stopReading,
    },
    { id: 'keys.addLog', title: 'Add key log…', keys: ['Ctrl+Shift+L'], group: 'File', run: pickKeyLogs },
    { id: 'keys.enter', title: 'Enter SRTP key…', group: 'File', run: () => enterSrtpKey() },
    { id: 'keys.esp', title: 'Enter ESP SAs…', group: 'File', run: enterEspSas },
    {
      id: 'keys.cancel',
      title: 'Cancel reading again',
      group: 'File',
      isEnabled: () => getState().rereading !== null,
      run: cancelRereading,
    },
    view('overview', 'the overview', '1'),
    view('calls', 'the calls', '2'),
    view('streams', 'the streams', '3'),
    view('ice', 'ICE and TURN', '4'),
    view('problems', 'the problems', '5'),
    view('packets', 'the packets', '6'),
    view('keys', 'the keys', '7'),
    { ...view('agents', 'the capture agents', '8'), isEnabled: hasAgents },
    view('compare', 'the comparison of capture points', '9'),
    ...compareCommands,
    { ...view('plugins', 'the plugins', '0'), isEnabled: () => true },
    ...pluginCommands,
    {
      id: 'go.back',
      title: 'Back',
      keys: ['Alt+ArrowLeft'],
      group: 'Go',
      isEnabled: () => getState().back.length > 0,
      run: goBack,
    },
    {
      id: 'go.forward',
      title: 'Forward',
      keys: ['Alt+ArrowRight'],
      group: 'Go',
      isEnabled: () => getState().forward.length > 0,
      run: goForward,
    },
    {
      id: 'problem.previous',
      title: 'Previous problem',
      keys: ['['],
      group: 'Go',
      isEnabled: hasCapture,
      run: () => void goToProblem(-1),
    },
    {
      id: 'problem.next',
      title: 'Next problem',
      keys: [']'],
      group: 'Go',
      isEnabled: hasCapture,
      run: () => void goToProblem(1),
    },
    { id: 'filter.focus', title: 'Filter', keys: ['Ctrl+F'], group: 'View', isEnabled: hasCapture, run: focusFilter },
    {
      id: 'filter.clear',
      title: 'Clear the filter',
      group: 'View',
      isEnabled: () => getState().place.filter !== '',
      run: () => go({ filter: '' }),
    },
    {
      id: 'time.focus',
      title: 'Go to a time',
      keys: ['Ctrl+G'],
      group: 'Go',
      isEnabled: hasCapture,
      run: () => document.querySelector<HTMLInputElement>('#go-to-time')?.focus(),
    },
    { id: 'time.absolute', title: 'Times: time of day', group: 'View', run: () => showTimes('absolute') },
    { id: 'time.since-start', title: 'Times: since the start', group: 'View', run: () => showTimes('since-start') },
    {
      id: 'time.since-previous',
      title: 'Times: since the row before',
      group: 'View',
      run: () => showTimes('since-previous'),
    },
    {
      id: 'time.zone',
      title: 'Times: switch between UTC and local',
      group: 'View',
      run: () => {
        const timeZone = getState().timeZone === 'utc' ? 'local' : 'utc';
        update({ timeZone });
        keep({ timeZone });
      },
    },
    { id: 'theme.toggle', title: 'Switch between dark and light', group: 'View', run: toggleTheme },
    {
      id: 'theme.system',
      title: 'Theme: follow the system',
      group: 'View',
      run: () => {
        update({ theme: 'system' });
        keep({ theme: 'system' });
      },
    },
    {
      id: 'palette.open',
      title: 'Command palette',
      keys: ['Ctrl+K', 'Ctrl+Shift+P'],
      group: 'Help',
      run: () => update({ overlay: 'palette' }),
    },
    {
      id: 'shortcuts.open',
      title: 'All shortcuts',
      keys: ['?'],
      group: 'Help',
      run: () => update({ overlay: 'shortcuts' }),
    },
  ]);
}
