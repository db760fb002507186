const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800];
const MOST = 6;
/** A label that begins further to the right would be cut off. */
const LAST = 0.95;

/** Round times along an axis of so many seconds: `0:00`, `1:00`, … or `1:00:00`. Under six seconds there are none. */
export function timeTicks(seconds: number): { at: number; text: string }[] {
  const step = STEPS.find((size) => seconds / size <= MOST) ?? seconds / MOST;
  const ticks: { at: number; text: string }[] = [];
  for (let at = 0; at <= seconds * LAST && ticks.length <= MOST; at += step) ticks.push({ at, text: axisText(at) });
  return ticks;
}

function axisText(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
