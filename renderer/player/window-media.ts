/**
 * The audio as a waveform of one window sees it: a medium one second long, whose second is the window. wavesurfer draws
 * and seeks in that second whatever the zoom, so its canvas never grows beyond what is seen; the true clock is the
 * audio element's.
 */
import type { Span } from './span.ts';

const FORWARDED = ['play', 'pause', 'ended', 'timeupdate', 'seeking', 'seeked', 'ratechange', 'volumechange'] as const;

export class WindowMedia extends EventTarget {
  readonly duration = 1;
  readonly readyState = 4;
  readonly src = '';
  readonly currentSrc = '';
  private readonly audio: HTMLAudioElement;
  private readonly window: () => Span;
  private readonly seek: (time: number) => void;
  private readonly abort = new AbortController();

  constructor(audio: HTMLAudioElement, window: () => Span, seek: (time: number) => void) {
    super();
    this.audio = audio;
    this.window = window;
    this.seek = seek;
    for (const name of FORWARDED) {
      audio.addEventListener(name, () => this.dispatchEvent(new Event(name)), { signal: this.abort.signal });
    }
  }

  get currentTime(): number {
    const { from, to } = this.window();
    return (this.audio.currentTime - from) / (to - from);
  }

  set currentTime(place: number) {
    const { from, to } = this.window();
    this.seek(from + place * (to - from));
  }

  get paused(): boolean {
    return this.audio.paused;
  }
  get ended(): boolean {
    return this.audio.ended;
  }
  get seeking(): boolean {
    return this.audio.seeking;
  }
  get volume(): number {
    return this.audio.volume;
  }
  get muted(): boolean {
    return this.audio.muted;
  }
  get playbackRate(): number {
    return this.audio.playbackRate;
  }
  play(): Promise<void> {
    return this.audio.play();
  }
  pause(): void {
    this.audio.pause();
  }
  canPlayType(): CanPlayTypeResult {
    return 'probably';
  }
  // What wavesurfer does to an element of its own must not reach the player's.
  load(): void {}
  remove(): void {}
  removeAttribute(): void {}

  /** The window moved: places in it are others now. */
  moved(): void {
    this.dispatchEvent(new Event('timeupdate'));
  }

  dispose(): void {
    this.abort.abort();
  }
}
