import type { AudioSelection } from '../../shared/engine-api.ts';
import { saveFile } from '../model/save-file.ts';
import { pluginExports, runPluginExport } from '../model/plugins.ts';
import { getState } from '../model/store.ts';
import type { MenuEntry } from '../widgets/menu/menu.tsx';
import type { PlayerState } from './player-state.ts';
import { formatPosition } from './span.ts';

/** What is heard as a selection: whole calls where the lanes are a call's two sides, else stream by stream. */
export function selectionOf({ plan }: PlayerState): AudioSelection {
  const lanes = plan?.lanes ?? [];
  return {
    calls: [...new Set(lanes.flatMap(({ side, call }) => (side !== null && call !== null ? [call] : [])))],
    streams: lanes.flatMap(({ side, call, streams }) => (side !== null && call !== null ? [] : streams)),
    ...playoutOf(plan),
  };
}

/** What is exported is what is heard. */
function playoutOf(plan: PlayerState['plan']): Pick<AudioSelection, 'mode' | 'depthMs'> {
  return plan === null ? {} : { mode: plan.mode, ...(plan.depthMs === null ? {} : { depthMs: plan.depthMs }) };
}

/** `edge-4711-c7.wav` */
export function exportName(what: string, extension: string): string {
  const { capture } = getState();
  const name = capture.status === 'none' ? 'earshot' : capture.name;
  return `${name.replace(/(\.(pcap|pcapng|cap|dmp|snoop|rtp|rtpdump|dump|log|moz_log|txt))?(\.gz)?$/i, '')}-${what}.${extension}`;
}

/** All lanes as one WAV: a call is stereo, caller left, callee right. */
export function exportAll(state: PlayerState): Promise<void> {
  const selection = selectionOf(state);
  const what = [...(selection.calls ?? []), ...(selection.streams ?? [])].join('-');
  return saveFile(exportName(what, 'wav'), { kind: 'wav', selection, range: null });
}

export function exportStream(stream: string, { plan }: PlayerState): Promise<void> {
  const selection = { streams: [stream], ...playoutOf(plan) };
  return saveFile(exportName(stream, 'wav'), { kind: 'wav', selection, range: null });
}

export function exportEntries(state: PlayerState): MenuEntry[] {
  const { plan, range } = state;
  if (plan === null) return [];
  const selection = selectionOf(state);
  const entries: MenuEntry[] = [
    {
      kind: 'item',
      label: plan.lanes.length === 2 ? 'Stereo WAV' : `WAV of ${plan.lanes.length} channels`,
      detail: formatPosition(plan.durationSeconds),
      run: () => void exportAll(state),
    },
    {
      kind: 'item',
      label: 'WAV of the selected range',
      detail: range === null ? 'drag over the waves' : `${formatPosition(range.from)} – ${formatPosition(range.to)}`,
      isDisabled: range === null,
      run: () => void saveFile(exportName('range', 'wav'), { kind: 'wav', selection, range }),
    },
    { kind: 'separator' },
  ];
  const streams = [...new Set(plan.lanes.flatMap((lane) => lane.streams))];
  for (const stream of streams) {
    const name = plan.lanes.find((lane) => lane.streams.includes(stream))?.name ?? '';
    entries.push({
      kind: 'item',
      label: `Mono WAV of stream ${stream.slice(1)}`,
      detail: name,
      run: () => void exportStream(stream, state),
    });
    entries.push({
      kind: 'item',
      label: `Raw payload of stream ${stream.slice(1)}`,
      detail: name,
      run: () => void saveFile(exportName(stream, 'raw'), { kind: 'raw', stream }),
    });
  }
  const ofPlugins = pluginExports().map(
    (each): MenuEntry => ({ kind: 'item', label: `Export: ${each.label}…`, run: () => void runPluginExport(each) }),
  );
  return ofPlugins.length === 0 ? entries : [...entries, { kind: 'separator' }, ...ofPlugins];
}
