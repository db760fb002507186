/** How the times of a ladder are told: seconds since its first message, or the clock. */
export type TimeStyle = 'since-start' | 'utc' | 'local';

/** `6.431` or `14:32:02.015`. */
export function timeText(time: number, startTime: number, style: TimeStyle): string {
  if (style === 'since-start') return secondsText(time - startTime);
  // Rounded first, so that 59.9996 s does not become 60.000.
  const date = new Date(Math.round(time * 1000));
  if (Number.isNaN(date.getTime())) return '—';
  if (style === 'utc') return date.toISOString().slice(-13, -1);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${parts.join(':')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `+0.015`, `−0.002`. */
export function stepText(seconds: number): string {
  return seconds < 0 ? secondsText(seconds) : `+${secondsText(seconds)}`;
}

function secondsText(seconds: number): string {
  const text = Math.abs(seconds).toFixed(3);
  return seconds < 0 && Number(text) !== 0 ? `−${text}` : text;
}
