import type { CaptureInfo } from '../shared/api.ts';
import { formatDate, formatZone } from './format.ts';
import { safeText } from './safe-text.ts';

/** What stands over a table: the file, and the day and zone that its times of day belong to. */
export function captionOf({ file, firstTime }: Pick<CaptureInfo, 'file' | 'firstTime'>): string {
  const name = safeText(file);
  return firstTime === null ? name : `${name}, ${formatDate(firstTime)}, times in ${formatZone(firstTime)}`;
}
