/** What the agents view says of an agent, in words. */
import type { AgentRow } from '../../../shared/api.ts';
import type { Severity } from '../../../shared/engine-api.ts';
import { formatCount } from '../../model/format/numbers.ts';

/** Packets that an agent reported, as a display filter. */
export function agentFilter({ number }: Pick<AgentRow, 'number'>): string {
  return `hep.agent == ${number}`;
}

/** `SIP 6, RTP 120`, the most first. */
export function typeWords({ byType }: Pick<AgentRow, 'byType'>): string {
  return Object.entries(byType)
    .toSorted(([, a], [, b]) => b - a)
    .map(([type, packets]) => `${type} ${formatCount(packets)}`)
    .join(', ');
}

/** `+0.250`, `−7200.000`; unknown is a dash. */
export function offsetText({ clockOffsetSeconds: seconds }: Pick<AgentRow, 'clockOffsetSeconds'>): string {
  if (seconds === null) return '—';
  const text = Math.abs(seconds).toFixed(3);
  if (Number(text) === 0) return text;
  return `${seconds < 0 ? '−' : '+'}${text}`;
}

/** What its clock is used for, and how grave that is. */
export function clockWords({ clock }: Pick<AgentRow, 'clock'>): {
  words: string;
  severity: Severity | null;
  why: string;
} {
  switch (clock) {
    case 'as-is':
      return { words: 'used', severity: null, why: 'Its packets have the time at which it captured them.' };
    case 'corrected':
      return {
        words: 'corrected',
        severity: 'note',
        why: 'Its clock is off: its packets have its times, less the offset.',
      };
    case 'ignored':
      return {
        words: 'ignored',
        severity: 'warning',
        why: 'Its clock is off by more than an hour: its packets have the time at which they arrived.',
      };
    default:
      return {
        words: 'none',
        severity: null,
        why: 'It tells no time: its packets have the time at which they arrived.',
      };
  }
}
