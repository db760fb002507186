import type { Overview } from '../../../shared/engine-api.ts';
import { countOf } from '../../model/format/numbers.ts';
import { formatDuration } from '../../model/format/times.ts';

/** The overview as plain text, for a ticket or a chat. */
export function summaryText({ info, counts, verdict, verdictMore, problems }: Overview): string {
  const facts = [
    countOf(counts.calls, 'call'),
    ...(counts.vertoCalls > 0 ? [`${countOf(counts.vertoCalls, 'call')} over Verto`] : []),
    countOf(counts.streams, 'RTP stream'),
    countOf(info.packets, 'packet'),
  ];
  const lines = [
    `${info.file}: ${facts.join(', ')}, ${formatDuration(info.durationSeconds)}.`,
    `${verdict} ${verdictMore}`.trim(),
  ];
  for (const { severity, title, message, packets } of problems) {
    const evidence = packets.slice(0, 5).map((packet) => `#${packet}`);
    lines.push(`- ${severity}: ${title}. ${message}${evidence.length > 0 ? ` (${evidence.join(' ')})` : ''}`);
  }
  return `${lines.join('\n')}\n`;
}
