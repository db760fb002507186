/** Which payloads a rule of the user is about. */
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../store/addresses.ts';

/** One end of a flow; the address as flows write it. */
export interface SelectorEnd {
  readonly address: string;
  readonly port: number;
}

/** What is null may be anything. */
export interface Selector {
  readonly transport: 'udp' | 'tcp' | null;
  /** Of either end; with `port`, of the same end. */
  readonly address: string | null;
  readonly port: number | null;
  /** The end across, where the rule is about one flow (and its reverse). */
  readonly across: SelectorEnd | null;
  /** Streams of RTP with this SSRC, wherever they run. */
  readonly ssrc: number | null;
}

/** Every payload. */
export const ANYTHING: Selector = { transport: null, address: null, port: null, across: null, ssrc: null };

/** The addresses and ports of a payload, source first. */
export interface SelectorFlow {
  readonly transport: 'udp' | 'tcp';
  readonly source: SelectorEnd;
  readonly destination: SelectorEnd;
}

/**
 * Parses `udp.port==5000`, `ip.addr==10.0.0.1`, both joined by `&&` (an endpoint), `udp.flow==10.0.0.1:5000-[::1]:6000`
 * or `rtp.ssrc==0x1234`. Gives what it selects, a sentence saying which value is wrong, or null where it is none of these.
 */
export function parseSelector(text: string): Selector | string | null {
  let selector = ANYTHING;
  for (const part of text.split('&&')) {
    const match = /^\s*([a-z0-9.]+)\s*==\s*(\S+)\s*$/.exec(part);
    const next = match === null ? null : partOf(match[1], match[2]);
    if (next === null || typeof next === 'string') return next;
    const names = Object.keys(next) as (keyof Selector)[];
    // Ports and addresses go together once each; flows and SSRCs stand alone.
    if (names.some((name) => selector[name] !== null)) return null;
    selector = { ...selector, ...next };
  }
  const isAlone = selector.across !== null || selector.ssrc !== null;
  return isAlone && text.includes('&&') ? null : selector;
}

/** Whether a payload of the flow is meant; one of a stream is meant by its SSRC alone, which a flow does not tell. */
export function selects(selector: Selector, { transport, source, destination }: SelectorFlow): boolean {
  if (selector.ssrc !== null) return false;
  if (selector.transport !== null && selector.transport !== transport) return false;
  const isEnd = (end: SelectorEnd): boolean =>
    (selector.address === null || selector.address === end.address) &&
    (selector.port === null || selector.port === end.port);
  const { across } = selector;
  if (across === null) return isEnd(source) || isEnd(destination);
  const isAcross = (end: SelectorEnd): boolean => end.address === across.address && end.port === across.port;
  return (isEnd(source) && isAcross(destination)) || (isEnd(destination) && isAcross(source));
}

function partOf(field: string, value: string): Partial<Selector> | string | null {
  switch (field) {
    case 'udp.port':
    case 'tcp.port': {
      const port = portOf(value);
      const transport = field === 'udp.port' ? 'udp' : 'tcp';
      return typeof port === 'number' ? { transport, port } : port;
    }
    case 'ip.addr':
    case 'ipv6.addr': {
      const address = addressOf(value);
      return address === null ? `"${value}" is no IP address.` : { address };
    }
    case 'udp.flow':
    case 'tcp.flow': {
      const match = /^(.+:\d+)-(.+:\d+)$/.exec(value);
      if (match === null) return `"${value}" is no flow; write it like 10.0.0.1:5000-10.0.0.2:6000.`;
      const [one, across] = [endOf(match[1]), endOf(match[2])];
      if (typeof one === 'string') return one;
      if (typeof across === 'string') return across;
      return { transport: field === 'udp.flow' ? 'udp' : 'tcp', address: one.address, port: one.port, across };
    }
    case 'rtp.ssrc': {
      if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value)) return `"${value}" is no SSRC; write it like 0x1234abcd.`;
      const ssrc = Number(value);
      return ssrc > 0xffffffff ? `SSRC ${value} has more than 32 bits.` : { ssrc };
    }
    default:
      return null;
  }
}

function portOf(text: string): number | string | null {
  if (!/^\d{1,5}$/.test(text)) return null;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : `Port ${text} is not between 1 and 65535.`;
}

/** The address as flows write it, null where it is none. */
function addressOf(text: string): string | null {
  const v4 = parseIPv4(text);
  if (v4 >= 0) return formatIPv4(v4);
  const v6 = text.includes(':') ? parseIPv6(text) : null;
  return v6 === null ? null : formatIPv6(v6, 0);
}

function endOf(text: string): SelectorEnd | string {
  const colon = text.lastIndexOf(':');
  const address = addressOf(text.slice(0, colon));
  const port = portOf(text.slice(colon + 1));
  if (address === null || port === null) return `"${text}" is no address with a port.`;
  return typeof port === 'string' ? port : { address, port };
}
