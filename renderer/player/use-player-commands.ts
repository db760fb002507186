import { useEffect } from 'react';
import { ask } from '../client/client.ts';
import { addCommands } from '../model/commands.ts';
import { move } from '../model/navigate.ts';
import { getState, update } from '../model/store.ts';
import { exportAll, exportStream } from './export-entries.ts';
import { addLanes, hasExtraLanes, removeLanes } from './extra-lanes.ts';
import { MARK_KINDS, neighbourMark } from './marks.ts';
import { player } from './player.ts';
import { MOST_SHOWN_DEPTH_MS } from './player-state.ts';
import { moveSpan, zoomSpan } from './span.ts';

/** How it can be played, in words that follow “play as”. */
const PLAYOUTS = [
  { mode: 'file', title: 'packets arrived (file timing)' },
  { mode: 'timestamp', title: 'it was sent (RTP timestamps)' },
  { mode: 'jitter-buffer', title: 'out of a jitter buffer of fixed depth' },
  { mode: 'adaptive', title: 'out of an adaptive jitter buffer' },
] as const;

/** A fixed buffer of another depth; from another mode the depth it had before. */
function deepen(byMs: number): void {
  const { mode, depthMs } = player.get().playout;
  const wanted = mode === 'jitter-buffer' ? depthMs + byMs : depthMs;
  player.setPlayout({ mode: 'jitter-buffer', depthMs: Math.min(MOST_SHOWN_DEPTH_MS, Math.max(0, wanted)) });
}

const isReady = (): boolean => player.get().status === 'ready';

/** Zooms about the cursor where it is on the screen, else about the middle. */
export function zoomBy(factor: number): void {
  const { window } = player.get();
  const { currentTime } = player.audio;
  const isSeen = currentTime >= window.from && currentTime <= window.to;
  player.show(zoomSpan(window, factor, isSeen ? currentTime : (window.from + window.to) / 2));
}

/** Goes to the next (1) or previous (-1) mark, and selects its packet. */
export function goToMark(step: 1 | -1): void {
  const mark = neighbourMark(player.get(), player.audio.currentTime, step);
  if (mark === null) {
    update({ notice: step === 1 ? 'There is no mark after this.' : 'There is no mark before this.' });
    return;
  }
  player.seek(mark.at);
  if (mark.packet !== null) move({ packet: mark.packet });
  const title = MARK_KINDS.find(({ kind }) => kind === mark.kind)?.title ?? mark.kind;
  update({ notice: `${title}: ${mark.label}` });
}

/** Selects the packet captured at the cursor, or the next after it. */
async function goToPacket(): Promise<void> {
  const { cursorTime } = getState();
  const packet = cursorTime === null ? null : await ask('packet.at', { time: cursorTime });
  if (packet === null) update({ notice: 'There is no packet at the cursor.' });
  else move({ packet, detail: 'packet' });
}

function scroll(share: number): void {
  const { window } = player.get();
  player.show(moveSpan(window, (window.to - window.from) * share));
}

async function playStream(): Promise<void> {
  const { stream } = getState().place;
  if (stream === null) return;
  await player.select({ streams: [stream] });
  await player.toggle();
}

/** The commands of the player, while it is there. */
export function usePlayerCommands(): void {
  useEffect(
    () =>
      addCommands([
        {
          id: 'player.toggle',
          title: 'Play or pause',
          keys: ['Space'],
          group: 'Player',
          isEnabled: isReady,
          run: () => void player.toggle(),
        },
        {
          id: 'player.nextMark',
          title: 'Next mark',
          keys: ['.'],
          group: 'Player',
          isEnabled: isReady,
          run: () => goToMark(1),
        },
        {
          id: 'player.previousMark',
          title: 'Previous mark',
          keys: [','],
          group: 'Player',
          isEnabled: isReady,
          run: () => goToMark(-1),
        },
        {
          id: 'player.packet',
          title: 'Go to the packet at the cursor',
          keys: ['g'],
          group: 'Player',
          isEnabled: isReady,
          run: () => void goToPacket().catch(() => {}),
        },
        {
          id: 'player.zoomIn',
          title: 'Zoom in',
          keys: ['+', '='],
          group: 'Player',
          isEnabled: isReady,
          run: () => zoomBy(0.5),
        },
        {
          id: 'player.zoomOut',
          title: 'Zoom out',
          keys: ['-'],
          group: 'Player',
          isEnabled: isReady,
          run: () => zoomBy(2),
        },
        {
          id: 'player.fit',
          title: 'Show all of the audio',
          keys: ['0'],
          group: 'Player',
          isEnabled: isReady,
          run: () => player.show(player.whole),
        },
        {
          id: 'player.left',
          title: 'Scroll the audio left',
          keys: ['Shift+ArrowLeft'],
          group: 'Player',
          isEnabled: isReady,
          run: () => scroll(-0.5),
        },
        {
          id: 'player.right',
          title: 'Scroll the audio right',
          keys: ['Shift+ArrowRight'],
          group: 'Player',
          isEnabled: isReady,
          run: () => scroll(0.5),
        },
        {
          id: 'player.back',
          title: 'Back 1 s',
          keys: ['Ctrl+ArrowLeft'],
          group: 'Player',
          isEnabled: isReady,
          run: () => player.seek(player.audio.currentTime - 1),
        },
        {
          id: 'player.forward',
          title: 'On 1 s',
          keys: ['Ctrl+ArrowRight'],
          group: 'Player',
          isEnabled: isReady,
          run: () => player.seek(player.audio.currentTime + 1),
        },
        {
          id: 'player.loop',
          title: 'Loop the selection',
          keys: ['l'],
          group: 'Player',
          isEnabled: isReady,
          run: () => player.setLooping(!player.get().isLooping),
        },
        ...PLAYOUTS.map(({ mode, title }) => ({
          id: `player.playout.${mode}`,
          title: `Play as ${title}`,
          group: 'Player' as const,
          isEnabled: isReady,
          run: () => player.setPlayout({ ...player.get().playout, mode }),
        })),
        {
          id: 'player.deeper',
          title: 'Deeper jitter buffer, by 10 ms',
          keys: ['Shift+ArrowUp'],
          group: 'Player',
          isEnabled: isReady,
          run: () => deepen(10),
        },
        {
          id: 'player.shallower',
          title: 'Shallower jitter buffer, by 10 ms',
          keys: ['Shift+ArrowDown'],
          group: 'Player',
          isEnabled: isReady,
          run: () => deepen(-10),
        },
        {
          id: 'player.spectrogram',
          title: 'Waveform or spectrogram',
          group: 'Player',
          isEnabled: isReady,
          run: () => player.setSpectrogram(!player.get().hasSpectrogram),
        },
        {
          id: 'player.export',
          title: 'Export what is heard as WAV…',
          group: 'Player',
          isEnabled: isReady,
          run: () => void exportAll(player.get()),
        },
        {
          id: 'player.playStream',
          title: 'Play the selected stream alone',
          group: 'Player',
          isEnabled: () => getState().place.stream !== null,
          run: () => void playStream(),
        },
        {
          id: 'player.exportStream',
          title: 'Export the selected stream as WAV…',
          group: 'Player',
          isEnabled: () => getState().place.stream !== null,
          run: () => void exportStream(getState().place.stream ?? '', player.get()),
        },
        {
          id: 'player.add',
          title: 'Keep the selected call or stream in the player beside others',
          group: 'Player',
          isEnabled: () => getState().place.call !== null || getState().place.stream !== null,
          run: () => {
            const { call, stream, view } = getState().place;
            addLanes(view === 'streams' || call === null ? { call: null, stream } : { call, stream: null });
          },
        },
        {
          id: 'player.clear',
          title: 'Take the added lanes out of the player',
          group: 'Player',
          isEnabled: hasExtraLanes,
          run: removeLanes,
        },
      ]),
    [],
  );
}
