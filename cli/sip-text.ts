import type { Tone } from './style.ts';

/** The state of a call in words: `timed out`. */
export function stateText(state: string): string {
  return state === 'timedOut' ? 'timed out' : state;
}

/** How a state is set off: what failed stands out, what is still going on is plain. */
export function stateTone(state: string): Tone {
  switch (state) {
    case 'completed':
    case 'established':
      return 'good';
    case 'failed':
    case 'timedOut':
    case 'rejected':
      return 'bad';
    case 'cancelled':
    case 'incomplete':
      return 'warn';
    default:
      return 'plain';
  }
}

/** A URI as short as a person writes it: `alice@10.0.0.1`, `+4930123`; without scheme, password, port, parameters. */
export function shortUri(uri: string | null): string {
  if (uri === null) return '–';
  const from = uri.startsWith('sip:') ? 4 : (SCHEME.exec(uri)?.[0].length ?? 0);
  const bare = before(before(uri.slice(from), ';'), '?');
  const at = bare.lastIndexOf('@');
  const hostPort = bare.slice(at + 1);
  const host = hostPort.includes(':') ? hostPort.replace(/^(\[[^\]]*\]|[^:[\]]*):\d+$/, '$1') : hostPort;
  if (at < 0) return host || uri;
  const user = before(bare.slice(0, at), ':');
  return user === '' ? host : `${user}@${host}`;
}

function before(text: string, separator: string): string {
  const at = text.indexOf(separator);
  return at < 0 ? text : text.slice(0, at);
}

const SCHEME = /^(sips?|tel):/i;
