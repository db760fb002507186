/** The attributes (a= lines) of one level of a session description, typed where calls use them. */
import { type Candidate, parseCandidate } from './parse-candidate.ts';
import { type CryptoAttribute, parseCrypto } from './parse-crypto.ts';
import { parseFmtp, parseRtpmap, type Rtpmap } from './parse-formats.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** An attribute as written; `value` is '' for a property attribute. */
export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export interface Extmap {
  readonly id: number;
  /** '' where none is given, which means sendrecv (RFC 8285 section 7). */
  readonly direction: string;
  readonly uri: string;
  readonly attributes: string;
}

/** What one level says. Lists keep the order of the lines; '' and null mean absent. */
export interface Attributes {
  direction: Direction | null;
  rtpmaps: Rtpmap[];
  fmtps: { payloadType: number; parameters: string }[];
  /** Milliseconds, 0 for none. */
  ptimeMs: number;
  maxptimeMs: number;
  cryptos: CryptoAttribute[];
  candidates: Candidate[];
  endOfCandidates: boolean;
  iceUfrag: string;
  icePwd: string;
  iceOptions: string[];
  iceLite: boolean;
  fingerprints: { hash: string; value: string }[];
  setup: string;
  mid: string;
  groups: { semantics: string; mids: string[] }[];
  rtcp: { port: number; address: string } | null;
  rtcpMux: boolean;
  rtcpRsize: boolean;
  bundleOnly: boolean;
  /** `payloadType` is null for `*`. */
  rtcpFeedback: { payloadType: number | null; value: string }[];
  extmaps: Extmap[];
  ssrcs: { ssrc: number; name: string; value: string }[];
  ssrcGroups: { semantics: string; ssrcs: number[] }[];
  msids: { id: string; track: string }[];
  rids: { id: string; direction: string; parameters: string }[];
  simulcast: string;
  label: string;
  content: string;
  /** Every attribute as written, those above included. */
  all: Attribute[];
}

export function noAttributes(): Attributes {
  return {
    direction: null,
    rtpmaps: [],
    fmtps: [],
    ptimeMs: 0,
    maxptimeMs: 0,
    cryptos: [],
    candidates: [],
    endOfCandidates: false,
    iceUfrag: '',
    icePwd: '',
    iceOptions: [],
    iceLite: false,
    fingerprints: [],
    setup: '',
    mid: '',
    groups: [],
    rtcp: null,
    rtcpMux: false,
    rtcpRsize: false,
    bundleOnly: false,
    rtcpFeedback: [],
    extmaps: [],
    ssrcs: [],
    ssrcGroups: [],
    msids: [],
    rids: [],
    simulcast: '',
    label: '',
    content: '',
    all: [],
  };
}

/** Adds the text after `a=`; false where the attribute is known and its value is not as it must be. */
export function addAttribute(text: string, into: Attributes): boolean {
  const colon = text.indexOf(':');
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  const value = colon < 0 ? '' : text.slice(colon + 1).trim();
  into.all.push({ name, value });
  const read = READERS[name.toLowerCase()];
  return read === undefined ? name !== '' : read(value, into);
}

type Reader = (value: string, into: Attributes) => boolean;

/** Adds what was read to a list; false where it could not be read. */
function push<T>(list: T[], item: T | null): boolean {
  if (item === null) return false;
  list.push(item);
  return true;
}

const direction =
  (which: Direction): Reader =>
  (_, into) => {
    into.direction = which;
    return true;
  };

const READERS: Readonly<Record<string, Reader>> = {
  sendrecv: direction('sendrecv'),
  sendonly: direction('sendonly'),
  recvonly: direction('recvonly'),
  inactive: direction('inactive'),
  rtpmap: (value, into) => push(into.rtpmaps, parseRtpmap(value)),
  fmtp: (value, into) => {
    const fmtp = parseFmtp(value);
    // Formats that are no payload types may have parameters too.
    return fmtp === null ? value !== '' : push(into.fmtps, fmtp);
  },
  ptime: (value, into) => (into.ptimeMs = milliseconds(value)) > 0,
  maxptime: (value, into) => (into.maxptimeMs = milliseconds(value)) > 0,
  crypto: (value, into) => push(into.cryptos, parseCrypto(value)),
  candidate: (value, into) => push(into.candidates, parseCandidate(value)),
  'end-of-candidates': (_, into) => (into.endOfCandidates = true),
  'ice-ufrag': (value, into) => (into.iceUfrag = value) !== '',
  'ice-pwd': (value, into) => (into.icePwd = value) !== '',
  'ice-options': (value, into) => into.iceOptions.push(...words(value)) > 0,
  'ice-lite': (_, into) => (into.iceLite = true),
  fingerprint: (value, into) => {
    const [hash, octets] = words(value);
    return push(into.fingerprints, octets === undefined ? null : { hash: hash.toLowerCase(), value: octets });
  },
  setup: (value, into) => (into.setup = value) !== '',
  mid: (value, into) => (into.mid = value) !== '',
  group: (value, into) => {
    const [semantics, ...mids] = words(value);
    return push(into.groups, semantics === undefined ? null : { semantics, mids });
  },
  rtcp: (value, into) => {
    const [port, , , address] = words(value);
    const number = integer(port, 0xffff);
    if (number < 0) return false;
    into.rtcp = { port: number, address: address ?? '' };
    return true;
  },
  'rtcp-mux': (_, into) => (into.rtcpMux = true),
  'rtcp-rsize': (_, into) => (into.rtcpRsize = true),
  'bundle-only': (_, into) => (into.bundleOnly = true),
  'rtcp-fb': (value, into) => {
    const match = /^(\*|\d{1,3})\s+(.+)$/.exec(value);
    const item = match && { payloadType: match[1] === '*' ? null : Number(match[1]), value: match[2] };
    return push(into.rtcpFeedback, item);
  },
  extmap: (value, into) => {
    const match = /^(\d{1,5})(?:\/(\w+))?\s+(\S+)(?:\s+(.*))?$/.exec(value);
    const item = match && {
      id: Number(match[1]),
      direction: match[2] ?? '',
      uri: match[3],
      attributes: match[4] ?? '',
    };
    return push(into.extmaps, item);
  },
  ssrc: (value, into) => {
    const match = /^(\d{1,10})(?:\s+([^:\s]+)(?::(.*))?)?$/.exec(value);
    const ssrc = integer(match?.[1], 0xffff_ffff);
    return push(into.ssrcs, ssrc < 0 ? null : { ssrc, name: match?.[2] ?? '', value: match?.[3] ?? '' });
  },
  'ssrc-group': (value, into) => {
    const [semantics, ...list] = words(value);
    const ssrcs = list.map((word) => integer(word, 0xffff_ffff));
    return push(into.ssrcGroups, semantics === undefined || ssrcs.includes(-1) ? null : { semantics, ssrcs });
  },
  msid: (value, into) => {
    const [id, track] = words(value);
    return push(into.msids, id === undefined ? null : { id, track: track ?? '' });
  },
  rid: (value, into) => {
    const match = /^(\S+)\s+(send|recv)(?:\s+(.*))?$/.exec(value);
    return push(into.rids, match && { id: match[1], direction: match[2], parameters: match[3] ?? '' });
  },
  simulcast: (value, into) => (into.simulcast = value) !== '',
  label: (value, into) => (into.label = value) !== '',
  content: (value, into) => (into.content = value) !== '',
};

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function integer(text: string | undefined, max: number): number {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : -1;
}

/** RFC 8866 says a number; fractions are met and mean what they say. */
function milliseconds(text: string): number {
  return /^\d{1,5}(\.\d+)?$/.test(text) ? Number(text) : 0;
}
