/** User names that end by themselves: `1795184400:anna` holds until that second (the TURN REST API's way). */
import { formatDuration } from '../../../shared/figures.ts';

const TIME_LIMITED = /^(\d{10}):/;

/** When a time-limited user name ends, in seconds since the epoch; null where it is none. */
export function usernameEndTime(username: string): number | null {
  const match = TIME_LIMITED.exec(username);
  return match === null ? null : Number(match[1]);
}

/** A sentence about the time of a user name as a request of time `now` used it; '' where it has none. */
export function explainUsername(username: string, now: number): string {
  const end = usernameEndTime(username);
  if (end === null) return '';
  const clock = formatMoment(end, now);
  if (end > now)
    return `The user name is a time-limited credential that ends at ${clock}, so its age is not the cause.`;
  return `The user name is a time-limited credential that ended at ${clock}, ${formatDuration(now - end)} before the request.`;
}

/** `14:20:00 UTC`, with the date where it is another day's. */
function formatMoment(time: number, now: number): string {
  const [date, clock] = isoOf(time);
  return `${date === isoOf(now)[0] ? '' : `${date} `}${clock} UTC`;
}

function isoOf(time: number): [string, string] {
  const iso = new Date(time * 1000).toISOString();
  return [iso.slice(0, 10), iso.slice(11, 19)];
}
