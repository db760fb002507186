const DAY_SECONDS = 86_400;

/**
 * Seconds since the epoch of what a person wrote: `14:32`, `14:32:08.4` (the first such time of day at or after the
 * capture's start), `+12.5` or `12.5` (seconds from the start); null where it is neither.
 */
export function parseTime(text: string, start: number, zone: 'utc' | 'local'): number | null {
  const trimmed = text.trim();
  const seconds = /^\+?\s*(\d+(?:\.\d+)?)(?:\s*s)?$/.exec(trimmed);
  if (seconds !== null) return start + Number(seconds[1]);
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/.exec(trimmed);
  if (clock === null) return null;
  const [hours, minutes, rest] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hours > 23 || minutes > 59 || rest >= 60) return null;
  const date = new Date(start * 1000);
  const midnight =
    zone === 'utc'
      ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())
      : new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const time = midnight / 1000 + hours * 3600 + minutes * 60 + rest;
  // A minute's grace: `14:32` means the minute the capture began in, too.
  return time < start - 60 ? time + DAY_SECONDS : time;
}
