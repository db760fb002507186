/** The whole of a session description (RFC 8866), for the cold path. */
import { addAttribute, type Attributes, noAttributes } from './parse-attributes.ts';

export interface Origin {
  readonly username: string;
  readonly sessionId: string;
  readonly sessionVersion: string;
  readonly netType: string;
  readonly addrType: string;
  readonly address: string;
}

export interface Connection {
  readonly netType: string;
  readonly addrType: string;
  readonly address: string;
  /** Of IPv4 multicast, 0 for none. */
  readonly ttl: number;
  /** Addresses in a row, 1 where it is not said. */
  readonly count: number;
}

export interface Bandwidth {
  /** `AS`, `CT`, `TIAS` … */
  readonly type: string;
  readonly value: number;
}

export interface Timing {
  readonly start: string;
  readonly stop: string;
  /** Values of the r= lines that follow. */
  readonly repeats: string[];
}

export interface MediaDescription {
  readonly media: string;
  readonly port: number;
  readonly portCount: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  title: string;
  connections: Connection[];
  bandwidths: Bandwidth[];
  key: string;
  attributes: Attributes;
}

/** A line that is not as it must be. It changes nothing else; known parts of it may have been taken. */
export interface SdpIssue {
  readonly code: 'sdp-bad-line' | 'sdp-bad-value' | 'sdp-unknown-type';
  /** From 1. */
  readonly line: number;
  /** Where the line begins, in characters. */
  readonly at: number;
  readonly text: string;
}

export interface SessionDescription {
  version: string;
  origin: Origin | null;
  name: string;
  information: string;
  uri: string;
  emails: string[];
  phones: string[];
  connection: Connection | null;
  bandwidths: Bandwidth[];
  timings: Timing[];
  timeZones: string;
  key: string;
  attributes: Attributes;
  media: MediaDescription[];
  issues: SdpIssue[];
}

/** Reads a description. Never fails: what cannot be read is in `issues`, with its line. */
export function parseSdp(text: string): SessionDescription {
  const session = emptySession();
  let media: MediaDescription | null = null;
  let at = 0;
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.replace(/[\r\0]+$/, '');
    const note = (code: SdpIssue['code']): void => {
      session.issues.push({ code, line: number, at, text: line });
    };
    if (line.trim() !== '') {
      const value = line.slice(2);
      if (line[1] !== '=') note('sdp-bad-line');
      else if (line[0] === 'm') {
        media = parseMedia(value);
        session.media.push(media);
        if (media.protocol === '' || media.formats.length === 0 || media.port < 0) note('sdp-bad-value');
      } else {
        const read = media === null ? SESSION_LINES[line[0]]?.(value, session) : MEDIA_LINES[line[0]]?.(value, media);
        if (read === undefined) note('sdp-unknown-type');
        else if (!read) note('sdp-bad-value');
      }
    }
    at += raw.length + 1;
  }
  return session;
}

const SESSION_LINES: Readonly<Record<string, (value: string, session: SessionDescription) => boolean>> = {
  v: (value, session) => (session.version = value.trim()) === '0',
  o: (value, session) => (session.origin = parseOrigin(value)) !== null,
  s: (value, session) => {
    session.name = value;
    return true;
  },
  i: (value, session) => {
    session.information = value;
    return true;
  },
  u: (value, session) => (session.uri = value.trim()) !== '',
  e: (value, session) => session.emails.push(value.trim()) > 0,
  p: (value, session) => session.phones.push(value.trim()) > 0,
  c: (value, session) => (session.connection = parseConnection(value)) !== null,
  b: (value, session) => pushBandwidth(value, session.bandwidths),
  t: (value, session) => {
    const [start, stop] = words(value);
    session.timings.push({ start: start ?? '', stop: stop ?? '', repeats: [] });
    return /^\d+$/.test(start ?? '') && /^\d+$/.test(stop ?? '');
  },
  r: (value, session) => {
    const timing = session.timings.at(-1);
    return timing !== undefined && timing.repeats.push(value.trim()) > 0;
  },
  z: (value, session) => (session.timeZones = value.trim()) !== '',
  k: (value, session) => (session.key = value.trim()) !== '',
  a: (value, session) => addAttribute(value, session.attributes),
};

const MEDIA_LINES: Readonly<Record<string, (value: string, media: MediaDescription) => boolean>> = {
  i: (value, media) => {
    media.title = value;
    return true;
  },
  c: (value, media) => {
    const connection = parseConnection(value);
    return connection !== null && media.connections.push(connection) > 0;
  },
  b: (value, media) => pushBandwidth(value, media.bandwidths),
  k: (value, media) => (media.key = value.trim()) !== '',
  a: (value, media) => addAttribute(value, media.attributes),
};

/** `<media> <port>["/" <count>] <protocol> <format> …`; what is missing is '' or -1. */
function parseMedia(value: string): MediaDescription {
  const [media = '', ports = '', protocol = '', ...formats] = words(value);
  const match = /^(\d{1,5})(?:\/(\d{1,5}))?$/.exec(ports);
  const port = match === null || Number(match[1]) > 0xffff ? -1 : Number(match[1]);
  return {
    media,
    port,
    portCount: Number(match?.[2] ?? 1),
    protocol,
    formats,
    title: '',
    connections: [],
    bandwidths: [],
    key: '',
    attributes: noAttributes(),
  };
}

function parseOrigin(value: string): Origin | null {
  const [username, sessionId, sessionVersion, netType, addrType, address] = words(value);
  if (address === undefined) return null;
  return { username, sessionId, sessionVersion, netType, addrType, address };
}

/** `<nettype> <addrtype> <address>["/" ttl]["/" count]`; IPv6 has no TTL (RFC 8866 section 5.7). */
function parseConnection(value: string): Connection | null {
  const [netType, addrType, full] = words(value);
  if (full === undefined) return null;
  const [address, ...rest] = full.split('/');
  const numbers = rest.map((text) => Number.parseInt(text, 10) || 0);
  const isIPv6 = addrType.toUpperCase() === 'IP6';
  const ttl = isIPv6 ? 0 : (numbers[0] ?? 0);
  const count = (isIPv6 ? numbers[0] : numbers[1]) ?? 1;
  return { netType, addrType, address, ttl, count };
}

function pushBandwidth(value: string, into: Bandwidth[]): boolean {
  const match = /^([^:\s]+):\s*(\d{1,15})/.exec(value);
  return match !== null && into.push({ type: match[1], value: Number(match[2]) }) > 0;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function emptySession(): SessionDescription {
  return {
    version: '',
    origin: null,
    name: '',
    information: '',
    uri: '',
    emails: [],
    phones: [],
    connection: null,
    bandwidths: [],
    timings: [],
    timeZones: '',
    key: '',
    attributes: noAttributes(),
    media: [],
    issues: [],
  };
}
