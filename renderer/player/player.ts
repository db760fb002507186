/** What is heard and shown of the selected calls and streams: the audio element, its window on the screen, its lanes. */
import type { AudioPlan, AudioSelection, Peaks } from '../../shared/engine-api.ts';
import { ask, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { update } from '../model/store.ts';
import { AudioGraph, type LaneSound } from './audio-graph.ts';
import type { LanePeaks } from './paint-lane.ts';
import { isSpectrogramKept, keepPlayout, keepSpectrogram, keptPlayout } from './kept-playout.ts';
import { laterMarks } from './later-marks.ts';
import { type MarkKind, NOTHING, type PlayerState, type Playout } from './player-state.ts';
import { clampSpan, followSpan, type Span, wholeSpan } from './span.ts';

/** Columns of peaks asked for: more than most screens are wide. */
const COLUMNS = 2048;
/** What is longer is asked for in so many parts. */
const PART_SECONDS = 300;
const PARTS = 32;
/** Columns of a spectrogram: each is a transform or several. */
const SPECTRA = 1024;
/** A slider is dragged through many depths: the one that it rests on is planned. */
const REST_MS = 120;

export class Player {
  readonly audio = new Audio();
  private state: PlayerState = NOTHING;
  private readonly listeners = new Set<() => void>();
  private readonly clocks = new Set<(time: number) => void>();
  private graph: AudioGraph | null = null;
  private loading = new AbortController();
  private drawing = new AbortController();
  private measuring = new AbortController();
  private selection: AudioSelection | null = null;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  /** The time followed last: the same audio played in another way stays where it is. */
  private followed: number | null = null;

  constructor() {
    this.audio.preload = 'auto';
    this.audio.preservesPitch = true;
    const { audio } = this;
    audio.addEventListener('play', () => this.onPlaying(true));
    audio.addEventListener('pause', () => this.onPlaying(false));
    audio.addEventListener('ended', () => this.onPlaying(false));
    audio.addEventListener('seeked', () => this.tick());
    audio.addEventListener('error', () => {
      if (audio.getAttribute('src') !== null) this.change({ status: 'failed', message: 'The audio cannot be played.' });
    });
  }

  get(): PlayerState {
    return this.state;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Called with the place in the audio, in seconds, at every frame while playing and after every seek. */
  onClock(listener: (time: number) => void): () => void {
    this.clocks.add(listener);
    return () => this.clocks.delete(listener);
  }

  get whole(): Span {
    return wholeSpan(this.state.plan?.durationSeconds ?? 0);
  }

  /** Loads what is selected; null empties the player. What was being loaded is cancelled. */
  async select(selection: AudioSelection | null): Promise<void> {
    this.drawing.abort();
    this.measuring.abort();
    this.audio.pause();
    this.audio.removeAttribute('src');
    // What was being fetched of the old one is let go: its capture may be gone in a moment.
    this.audio.load();
    const { hidden, rate, isLooping } = this.state;
    const kept = { hidden, rate, isLooping, playout: keptPlayout(), hasSpectrogram: isSpectrogramKept() };
    this.change({ ...NOTHING, ...kept, status: selection === null ? 'none' : 'loading' });
    update({ cursorTime: null });
    this.selection = selection;
    this.followed = null;
    await this.load(false);
  }

  /** Plays the same in another way: place, zoom and selected stretch stay where they are in the capture's time. */
  setPlayout(playout: Playout): void {
    const before = this.state.playout;
    if (before.mode === playout.mode && before.depthMs === playout.depthMs) return;
    keepPlayout(playout);
    this.change({ playout });
    clearTimeout(this.resting);
    this.resting = setTimeout(() => void this.load(true), before.mode === playout.mode ? REST_MS : 0);
  }

  setSpectrogram(hasSpectrogram: boolean): void {
    keepSpectrogram(hasSpectrogram);
    this.change({ hasSpectrogram, spectra: null });
    void this.drawSpectra();
  }

  private async load(isSame: boolean): Promise<void> {
    clearTimeout(this.resting);
    this.loading.abort();
    const { selection } = this;
    const abort = new AbortController();
    this.loading = abort;
    if (selection === null) return;
    const { signal } = abort;
    try {
      const { mode, depthMs } = this.state.playout;
      const plan = await ask('audio.plan', { selection: { ...selection, mode, depthMs } }, { signal });
      if (plan.lanes.every(({ silentBecause }) => silentBecause !== undefined)) {
        this.change({ status: 'silent', plan });
        return;
      }
      if (isSame) this.replace(plan);
      else this.begin(plan);
      this.change({ status: 'ready' });
      this.tick();
      void this.drawSpectra();
      await this.drawWhole(plan, signal);
      const { window } = this.state;
      if (isSame && !this.isWhole(window)) await this.draw(plan.id, window);
      for await (const { kind, byLane } of laterMarks(plan, signal))
        this.change({ found: { ...this.state.found, [kind]: byLane } });
    } catch (error) {
      if (!isCancelled(error) && this.loading === abort) this.fail(sentenceOf(error), isSame);
    }
  }

  /** What was played before another way of playing failed is still there. */
  private fail(message: string, isSame: boolean): void {
    const { plan, playout } = this.state;
    if (!isSame || plan === null) {
      this.change({ status: 'failed', message });
      return;
    }
    this.change({ playout: { mode: plan.mode, depthMs: plan.depthMs ?? playout.depthMs } });
    update({ notice: message });
  }

  private begin(plan: AudioPlan): void {
    const sounds = plan.lanes.map(({ side }) => soundOf(side, plan.lanes.length));
    this.change({ plan, window: wholeSpan(plan.durationSeconds), sounds });
    this.play(plan);
    this.graph?.connect(plan.lanes.length);
    this.graph?.apply(sounds);
  }

  /** Another plan of the same lanes stands in for the one at hand. */
  private replace(plan: AudioPlan): void {
    const { plan: before, window, range, isPlaying } = this.state;
    const later = (before?.startTime ?? plan.startTime) - plan.startTime;
    const time = Math.min(plan.durationSeconds, Math.max(0, this.audio.currentTime + later));
    const moved = ({ from, to }: Span): Span => ({ from: from + later, to: to + later });
    const whole = wholeSpan(plan.durationSeconds);
    const next = this.isWhole(window) ? whole : clampSpan(moved(window), whole, plan.sampleRate);
    this.change({ plan, window: next, range: range === null ? null : moved(range), found: {}, spectra: null });
    this.play(plan);
    this.audio.currentTime = time;
    if (isPlaying) void this.audio.play().catch(() => {});
  }

  private play({ id }: AudioPlan): void {
    this.audio.src = `audio/${id}.wav`;
    this.audio.playbackRate = this.state.rate;
  }

  private isWhole({ from, to }: Span): boolean {
    return from === this.whole.from && to === this.whole.to;
  }

  async toggle(): Promise<void> {
    if (this.state.status !== 'ready') return;
    if (!this.audio.paused) {
      this.audio.pause();
      return;
    }
    const { range, isLooping, plan } = this.state;
    if (this.graph === null) {
      this.graph = new AudioGraph(this.audio);
      this.graph.connect(plan?.lanes.length ?? 0);
      this.graph.apply(this.state.sounds);
    }
    if (range !== null && isLooping && !isWithin(this.audio.currentTime, range)) this.seek(range.from);
    await this.graph.resume();
    await this.audio.play().catch((error: unknown) => {
      if (!isCancelled(error)) this.change({ status: 'failed', message: sentenceOf(error) });
    });
  }

  /** Goes to a place in the audio, in seconds, and shows it. */
  seek(time: number): void {
    const { from, to } = this.whole;
    const place = Math.min(Math.max(time, from), to);
    this.audio.currentTime = place;
    this.show(followSpan(this.state.window, place));
    this.tick();
  }

  /** Goes to a time of the capture (seconds since the epoch), once, unless it is playing. */
  follow(time: number): void {
    const { plan } = this.state;
    if (plan === null || time === this.followed) return;
    this.followed = time;
    const place = time - plan.startTime;
    const isThere = place >= 0 && place <= plan.durationSeconds;
    if (this.audio.paused && isThere && Math.abs(place - this.audio.currentTime) > 0.001) this.seek(place);
  }

  /** Shows a stretch; its peaks follow. */
  show(wanted: Span): void {
    const { plan, window } = this.state;
    if (plan === null) return;
    const next = clampSpan(wanted, this.whole, plan.sampleRate);
    if (next.from === window.from && next.to === window.to) return;
    this.change({ window: next });
    void this.draw(plan.id, next);
    void this.drawSpectra();
  }

  setRange(range: Span | null): void {
    this.change({ range });
  }

  setRate(rate: number): void {
    this.audio.playbackRate = rate;
    this.change({ rate });
  }

  setLooping(isLooping: boolean): void {
    this.change({ isLooping });
  }

  setSound(lane: number, change: Partial<LaneSound>): void {
    const sounds = this.state.sounds.map((sound, at) => (at === lane ? { ...sound, ...change } : sound));
    this.graph?.apply(sounds);
    this.change({ sounds });
  }

  toggleMarks(kind: MarkKind): void {
    const hidden = new Set(this.state.hidden);
    if (!hidden.delete(kind)) hidden.add(kind);
    this.change({ hidden });
  }

  levelOf(lane: number): number {
    return this.state.isPlaying ? (this.graph?.levelOf(lane) ?? 0) : 0;
  }

  /** The whole of it, part by part as it is decoded: an hour is on the screen from the first moment on. */
  private async drawWhole({ id, lanes }: AudioPlan, signal: AbortSignal): Promise<void> {
    const whole = this.whole;
    const empty = (): Float32Array => new Float32Array(COLUMNS).fill(Number.NaN);
    const overview = lanes.map(() => ({ span: whole, min: empty(), max: empty(), rms: empty() }));
    const parts = whole.to <= PART_SECONDS ? 1 : PARTS;
    const columns = COLUMNS / parts;
    for (let part = 0; part < parts; part++) {
      const from = (whole.to * part) / parts;
      const to = (whole.to * (part + 1)) / parts;
      const answer = await ask('audio.peaks', { id, from, to, columns }, { signal });
      answer.lanes.forEach(({ min, max, rms }, lane) => {
        overview[lane].min.set(min, part * columns);
        overview[lane].max.set(max, part * columns);
        overview[lane].rms.set(rms, part * columns);
      });
      this.change({
        overview: overview.map((peaks) => ({ ...peaks })),
        ...(this.isWhole(this.state.window) ? { peaks: overview.map((peaks) => ({ ...peaks })) } : {}),
      });
    }
  }

  private async draw(id: string, span: Span): Promise<void> {
    this.drawing.abort();
    const abort = new AbortController();
    this.drawing = abort;
    try {
      const answer = await ask('audio.peaks', { id, ...span, columns: COLUMNS }, { signal: abort.signal });
      this.change({ peaks: lanePeaks(answer, span) });
    } catch (error) {
      // Those at hand stay: coarse, but true.
      if (!isCancelled(error)) update({ notice: sentenceOf(error) });
    }
  }

  private async drawSpectra(): Promise<void> {
    this.measuring.abort();
    const { plan, hasSpectrogram, window: span, status } = this.state;
    if (plan === null || !hasSpectrogram || status !== 'ready') return;
    const abort = new AbortController();
    this.measuring = abort;
    try {
      const asked = { id: plan.id, ...span, columns: SPECTRA };
      const { rows, lanes } = await ask('audio.spectrogram', asked, { signal: abort.signal });
      this.change({ spectra: { span, rows, lanes } });
    } catch (error) {
      if (!isCancelled(error)) update({ notice: sentenceOf(error) });
    }
  }

  private onPlaying(isPlaying: boolean): void {
    this.change({ isPlaying });
    cancelAnimationFrame(this.frame);
    this.tick();
    const step = (): void => {
      if (this.audio.paused) return;
      const { range, isLooping, window } = this.state;
      if (isLooping && range !== null && this.audio.currentTime >= range.to) this.audio.currentTime = range.from;
      this.show(followSpan(window, this.audio.currentTime));
      this.tick();
      this.frame = requestAnimationFrame(step);
    };
    if (isPlaying) this.frame = requestAnimationFrame(step);
  }

  private tick(): void {
    const { plan } = this.state;
    if (plan === null) return;
    const time = this.audio.currentTime;
    // At rest before its start it is nowhere yet.
    const isAtRest = this.audio.paused && time === 0;
    update({ cursorTime: isAtRest ? null : plan.startTime + time });
    for (const listener of this.clocks) listener(time);
  }

  private change(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

function isWithin(time: number, { from, to }: Span): boolean {
  return time >= from && time < to;
}

/** The caller on the left, the callee on the right; anybody else, or alone, in both ears. */
function soundOf(side: 'A' | 'B' | null, lanes: number): LaneSound {
  const ear = lanes === 1 || side === null ? 'both' : side === 'A' ? 'left' : 'right';
  return { isMuted: false, isSolo: false, gain: 1, ear };
}

function lanePeaks({ lanes }: Peaks, span: Span): LanePeaks[] {
  return lanes.map((lane) => ({ span, ...lane }));
}

/** The window's one player. */
export const player = new Player();
