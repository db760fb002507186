import { useEffect, useRef } from 'react';
import WaveSurfer from 'wavesurfer.js';
import RegionsPlugin, { type Region } from 'wavesurfer.js/dist/plugins/regions.esm.js';
import type { AudioPlan } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import { move } from '../model/navigate.ts';
import { useApp } from '../model/store.ts';
import { hitMark } from './hit-mark.ts';
import { paintLane } from './paint-lane.ts';
import { paintMarks } from './paint-marks.ts';
import { paintSpectrogram } from './paint-spectrogram.ts';
import { player } from './player.ts';
import { moveSpan, type Span, zoomSpan } from './span.ts';
import { usePlayer } from './use-player.ts';
import { tokenValue, useShownTheme } from '../model/theme-colours.ts';
import { useWidth } from './use-width.ts';
import { WindowMedia } from './window-media.ts';

type Regions = ReturnType<typeof RegionsPlugin.create>;

/** A wheel's notch zooms by this much. */
const ZOOM_PER_PX = 0.002;

/** The lanes' waves with their marks: wavesurfer draws the window, seeks by click and selects by drag. */
export function WaveView({ plan, laneHeight }: { plan: AudioPlan; laneHeight: number }) {
  const box = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const parts = useRef<{ surfer: WaveSurfer; media: WindowMedia; regions: Regions } | null>(null);
  const window = usePlayer((state) => state.window);
  const peaks = usePlayer((state) => state.peaks);
  const found = usePlayer((state) => state.found);
  const spectra = usePlayer((state) => state.spectra);
  const hasSpectrogram = usePlayer((state) => state.hasSpectrogram);
  const hidden = usePlayer((state) => state.hidden);
  const range = usePlayer((state) => state.range);
  const width = useWidth(box);
  const theme = useShownTheme();
  useFollowPacket();

  useEffect(() => {
    if (box.current === null) return;
    const media = new WindowMedia(
      player.audio,
      () => player.get().window,
      (time) => player.seek(time),
    );
    const regions = RegionsPlugin.create();
    const surfer = WaveSurfer.create({
      container: box.current,
      // It uses no more of an element than the window's medium has.
      media: media as unknown as HTMLMediaElement,
      // What is drawn comes from the paint functions; these only say how many lanes there are.
      peaks: plan.lanes.map(() => [0, 0]),
      duration: 1,
      height: laneHeight,
      splitChannels: plan.lanes.map((_lane, at) => ({
        height: laneHeight,
        renderFunction: (_peaks: unknown, context: CanvasRenderingContext2D) => paint(context, plan, at),
      })),
      cursorColor: tokenValue('--cursor'),
      cursorWidth: 1,
      // What was played looks as what was not.
      progressColor: 'transparent',
      autoScroll: false,
      autoCenter: false,
      hideScrollbar: true,
      plugins: [regions],
    });
    parts.current = { surfer, media, regions };
    regions.enableDragSelection({ color: 'transparent' });
    const take = (region: Region): void => player.setRange(rangeOf(region, player.get().window));
    const offCreated = regions.on('region-created', (region) => {
      for (const other of regions.getRegions()) if (other !== region) other.remove();
      if (!isOurs(region)) take(region);
    });
    const offUpdated = regions.on('region-updated', take);
    return () => {
      offCreated();
      offUpdated();
      parts.current = null;
      surfer.destroy();
      media.dispose();
    };
  }, [plan, laneHeight]);

  useEffect(() => {
    const current = parts.current;
    if (current === null) return;
    current.surfer.setOptions({ cursorColor: tokenValue('--cursor') });
    current.media.moved();
  }, [window, peaks, spectra, hasSpectrogram, theme, width]);

  useEffect(() => {
    if (overlay.current !== null && width > 0) paintMarks(overlay.current, player.get(), width, laneHeight);
  }, [window, found, hasSpectrogram, hidden, theme, width, laneHeight, plan]);

  useEffect(() => {
    if (parts.current !== null) showRange(parts.current.regions, range, window);
  }, [range, window]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, width: wide } = element.getBoundingClientRect();
      const shown = player.get().window;
      const perPx = (shown.to - shown.from) / wide;
      const sideways = event.shiftKey ? event.deltaY : event.deltaX;
      if (Math.abs(sideways) > 0) player.show(moveSpan(shown, sideways * perPx));
      else
        player.show(zoomSpan(shown, Math.exp(event.deltaY * ZOOM_PER_PX), shown.from + (event.clientX - left) * perPx));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  return (
    <div
      className="player-waves"
      id="player-waves"
      role="group"
      aria-label={hasSpectrogram ? 'Spectrograms' : 'Waveforms'}
      style={{ height: laneHeight * plan.lanes.length }}
      onClick={({ clientX, clientY, currentTarget }) => {
        const { left, top } = currentTarget.getBoundingClientRect();
        const mark = hitMark(player.get(), clientX - left, Math.floor((clientY - top) / laneHeight), width);
        if (mark?.packet != null) move({ packet: mark.packet, detail: 'packet' });
      }}
    >
      <div className="player-surfer" ref={box} />
      <canvas
        className="player-marks"
        ref={overlay}
        aria-hidden="true"
        style={{ width, height: laneHeight * plan.lanes.length }}
      />
    </div>
  );
}

/** A packet selected elsewhere moves the cursor, unless it is playing. */
function useFollowPacket(): void {
  const packet = useApp((state) => state.place.packet);
  const { data } = useQuery('packet.get', packet === null ? null : { packet });
  const time = data?.packet === packet ? (data?.row.time ?? null) : null;
  useEffect(() => {
    if (time !== null) player.follow(time);
  }, [time]);
}

/** A lane as it is wanted: its wave, or its spectrogram. */
function paint(context: CanvasRenderingContext2D, { lanes, sampleRate }: AudioPlan, at: number): void {
  const { peaks, window, hasSpectrogram, spectra } = player.get();
  const { side } = lanes[at];
  const letter = side === 'B' || (side === null && at % 2 === 1) ? 'b' : 'a';
  if (hasSpectrogram) {
    const theme = document.documentElement.dataset.theme ?? '';
    const { rows, span } = spectra ?? { rows: 1, span: window };
    paintSpectrogram(context, spectra?.lanes[at] ?? null, rows, span, window, { letter, theme });
    return;
  }
  paintLane(context, peaks[at] ?? null, window, sampleRate, {
    peak: tokenValue(`--lane-${letter}-peak`),
    rms: tokenValue(`--lane-${letter}`),
    line: tokenValue('--border'),
  });
}

const OURS = 'range';

function isOurs(region: Region): boolean {
  return region.id === OURS;
}

function rangeOf({ start, end }: Region, window: Span): Span {
  const length = window.to - window.from;
  return { from: window.from + start * length, to: window.from + end * length };
}

/** Puts the selected range where it is in the window; out of sight it is not there. */
function showRange(regions: Regions, range: Span | null, window: Span): void {
  const length = window.to - window.from;
  regions.clearRegions();
  if (range === null || range.to <= window.from || range.from >= window.to) return;
  regions.addRegion({
    id: OURS,
    start: Math.max(0, (range.from - window.from) / length),
    end: Math.min(1, (range.to - window.from) / length),
    color: 'color-mix(in srgb, var(--accent) 22%, transparent)',
  });
}
