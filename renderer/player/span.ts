/** A stretch of the audio, in seconds from its start. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The shortest stretch shown, in samples: they are told apart well before that. */
const LEAST_SAMPLES = 48;

/** The whole of so many seconds; never empty. */
export function wholeSpan(durationSeconds: number): Span {
  return { from: 0, to: Math.max(durationSeconds, 1e-3) };
}

/** `span` within the whole, moved rather than cut, not shorter than samples can be seen. */
export function clampSpan(span: Span, whole: Span, sampleRate: number): Span {
  const most = whole.to - whole.from;
  const length = Math.min(most, Math.max(LEAST_SAMPLES / sampleRate, span.to - span.from));
  const middle = (span.from + span.to) / 2;
  const from = span.to - span.from === length ? span.from : middle - length / 2;
  const kept = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: kept, to: kept + length };
}

/** Shows `factor` times as much (under 1: less); the time `at` stays where it is. */
export function zoomSpan(span: Span, factor: number, at: number): Span {
  return { from: at - (at - span.from) * factor, to: at + (span.to - at) * factor };
}

export function moveSpan(span: Span, seconds: number): Span {
  return { from: span.from + seconds, to: span.to + seconds };
}

/** The next stretch of the same length that begins where `time` is; the same while `time` is in it. */
export function followSpan(span: Span, time: number): Span {
  if (time >= span.from && time < span.to) return span;
  return { from: time, to: time + (span.to - span.from) };
}

const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600,
];

/** Round times within a span for a ruler so many pixels wide, about 90 px apart. */
export function rulerTicks(span: Span, widthPx: number): { at: number; text: string }[] {
  const length = span.to - span.from;
  const most = Math.max(1, widthPx / 90);
  const step = STEPS.find((size) => length / size <= most) ?? Math.ceil(length / most / 3600) * 3600;
  const ticks: { at: number; text: string }[] = [];
  // Counted in steps: adding them up would gather the errors of the fractions.
  for (let i = Math.ceil(span.from / step - 1e-9); i * step <= span.to && ticks.length < 200; i++) {
    ticks.push({ at: i * step, text: formatPosition(i * step, decimalsOf(step)) });
  }
  return ticks;
}

function decimalsOf(step: number): number {
  return step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
}

/** `0:11.460`, `1:02:03.5`: a place in the audio. */
export function formatPosition(seconds: number, decimals = 3): string {
  const scale = 10 ** decimals;
  const units = Math.round(Math.max(0, seconds) * scale);
  const whole = Math.floor(units / scale);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const clock =
    minutes < 60
      ? `${minutes}:${two(whole % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
  return decimals === 0 ? clock : `${clock}.${String(units % scale).padStart(decimals, '0')}`;
}
