/** Words of a ladder: what stands on arrows and bands, and what a screen reader says of them. */
import type { LadderDigit, LadderMedia, LadderNote, LadderRow, LadderRtcp, LadderSection } from '../ladder.ts';

/**
 * `PCMA PCMU`, `PCMA sendonly`, `SRTP PCMA`, `audio PCMA, video H264 refused`; with `events` also `PCMA + events`, where
 * telephone-events are offered.
 */
export function sdpText(sections: readonly LadderSection[], events = false): string {
  const isPlain = sections.length === 1 && sections[0].media === 'audio';
  const texts = sections.map(({ media, codecs, direction, encrypted }) => {
    const voices = codecs.filter((codec) => !isEvent(codec));
    const words = [isPlain ? '' : media, encrypted ? 'SRTP' : '', ...new Set(voices)];
    if (events && voices.length < codecs.length) words.push('+ events');
    if (direction !== 'sendrecv') words.push(direction);
    return words.filter((word) => word !== '').join(' ');
  });
  return texts.join(', ');
}

function isEvent(codec: string): boolean {
  return codec.toLowerCase() === 'telephone-event';
}

/** `PCMA 20 ms`. */
export function codecText({ label, ptimeMs }: LadderMedia): string {
  return ptimeMs === null ? label : `${label} ${Number(ptimeMs.toFixed(1))} ms`;
}

/** `in A` or ''. */
export function sideText(side: 'A' | 'B' | null): string {
  return side === null ? '' : `in ${side}`;
}

/** The digits one after another; an event that is no digit by its number. */
export function digitText({ digit, label }: LadderDigit): string {
  return digit ?? label.replace(/^event /, '');
}

/** `3 reports on A, at most 0.8 % lost, jitter at most 27.8 ms`. */
export function reportText({ reports, side, stream, maxLostPercent, maxJitterMs }: LadderRtcp): string {
  const jitter = maxJitterMs === null ? [] : [`jitter${reports > 1 ? ' at most' : ''} ${maxJitterMs.toFixed(1)} ms`];
  const lost = `${reports > 1 ? 'at most ' : ''}${percentText(maxLostPercent)} % lost`;
  return [`${countText(reports, 'report')} on ${side ?? stream}`, lost, ...jitter].join(', ');
}

/** `seen by 3 agents`, of a message that several capture agents reported, else ''. */
export function seenText(rows: readonly LadderRow[]): string {
  const agents = agentsOf(rows);
  return agents.length > 1 ? `seen by ${agents.length} agents` : '';
}

/** Who reported a message and its copies, each once. */
export function agentsOf(rows: readonly LadderRow[]): string[] {
  return [...new Set(rows.flatMap((row) => (row.kind === 'message' && row.agent !== undefined ? [row.agent] : [])))];
}

/** `Log by edge (2001): registered alice`. */
export function noteText({ label, agent, text }: LadderNote): string {
  return `${label}${agent === null ? '' : ` by ${agent}`}: ${text}`;
}

/** Never rounded to none: a single packet lost is a loss. */
export function percentText(percent: number): string {
  if (percent > 0 && percent < 0.1) return '<0.1';
  return percent.toFixed(1);
}

/** `1 packet`, `1 548 packets`, with a narrow no-break space for thousands. */
export function countText(count: number, one: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, '\u202f')} ${one}${count === 1 ? '' : 's'}`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** `28.6 s`, `2 min 05 s`, `1 h 20 min`. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
}
