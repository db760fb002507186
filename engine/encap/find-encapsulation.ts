import { hexOf } from '../../base/octet-text.ts';
import { ipv4Trailer, ipv6Trailer, signatureAt, u16, udpTrailer } from './inner-shapes.ts';
import type { PayloadSample } from './payload-samples.ts';
import { rtpAgreement } from './rtp-agreement.ts';

/** The farthest offset that is looked at. */
export const MAX_SKIP_BYTES = 128;
const LEAST_PACKETS = 4;
const LEAST_SHARE = 0.8;
/** A trailer that all packets have: an authentication tag, padding. */
const MAX_TRAILER_BYTES = 64;
const UDP_HEADER = 8;
const SAMPLES_TOLD = 3;

/** What lies behind a header of one length in most packets of a flow. */
export interface FoundShape {
  readonly skipBytes: number;
  readonly as: 'ip' | 'udp' | 'rtp' | 'payload';
  readonly agreed: number;
  /** A sentence. */
  readonly evidence: string;
  /** Of a few packets: what is skipped, in hexadecimal. */
  readonly headerSample: string;
}

type Trailer = (bytes: Uint8Array, at: number, end: number, sentEnd: number) => number;

/**
 * Finds the offset at which the payloads of a flow agree to hold something that is known; null where they do not, or where
 * they are RTP as they stand; `share` of them must. Strict: a flow of anything else must not come out as media.
 */
export function findEncapsulation(samples: readonly PayloadSample[], share = LEAST_SHARE): FoundShape | null {
  if (samples.length < LEAST_PACKETS || rtpAgreement(samples, 0) !== null) return null;
  for (let at = 0; at <= MAX_SKIP_BYTES; at++) {
    const found =
      ipAt(samples, at, share) ??
      udpAt(samples, at, share) ??
      (at === 0 ? null : (rtpAt(samples, at, share) ?? sessionAt(samples, at, share)));
    if (found === null) continue;
    const headers = samples
      .slice(0, SAMPLES_TOLD)
      .map(({ bytes, captured }) => hexOf(bytes.subarray(0, Math.min(at, captured))));
    return { skipBytes: at, ...found, headerSample: headers.filter((text) => text !== '').join(' ') };
  }
  return null;
}

type Found = Omit<FoundShape, 'skipBytes' | 'headerSample'>;

function ipAt(samples: readonly PayloadSample[], at: number, share: number): Found | null {
  const v4 = agreement(samples, at, ipv4Trailer, share);
  if (v4 !== null) {
    const trailer =
      v4.trailer === 0 ? 'a length that is what is left' : `a length that leaves ${v4.trailer} octets at the end`;
    return {
      as: 'ip',
      agreed: v4.agreed,
      evidence: `${v4.agreed} of ${samples.length} packets have, ${at} octets in, an IPv4 header with ${trailer} and a right checksum.`,
    };
  }
  const v6 = agreement(samples, at, ipv6Trailer, share);
  if (v6 === null) return null;
  const trailer = v6.trailer === 0 ? 'what is left' : `all but the last ${v6.trailer} octets of it`;
  return {
    as: 'ip',
    agreed: v6.agreed,
    evidence: `${v6.agreed} of ${samples.length} packets have, ${at} octets in, an IPv6 header whose length is ${trailer}.`,
  };
}

/** UDP's length alone proves little: what it holds must be known too. */
function udpAt(samples: readonly PayloadSample[], at: number, share: number): Found | null {
  const lengths = agreement(samples, at, udpTrailer, share);
  if (lengths === null) return null;
  const ports = (sample: PayloadSample): string => `${u16(sample.bytes, at)} ${u16(sample.bytes, at + 2)}`;
  const fitting = samples.filter(
    ({ bytes, captured, sent }) => udpTrailer(bytes, at, captured, sent) === lengths.trailer,
  );
  const inner = rtpAgreement(fitting, at + UDP_HEADER, share) ?? sessionAt(fitting, at + UDP_HEADER, share);
  if (inner === null || new Set(fitting.map(ports)).size > 2) return null;
  const what = 'ssrc' in inner ? 'RTP' : 'STUN, DTLS or SIP';
  return {
    as: 'udp',
    agreed: lengths.agreed,
    evidence: `${lengths.agreed} of ${samples.length} packets have, ${at} octets in, a UDP header whose length fits, and ${what} behind it.`,
  };
}

function rtpAt(samples: readonly PayloadSample[], at: number, share: number): Found | null {
  const rtp = rtpAgreement(samples, at, share);
  if (rtp === null) return null;
  const ssrc = `0x${rtp.ssrc.toString(16).padStart(8, '0')}`;
  return {
    as: 'rtp',
    agreed: rtp.agreed,
    evidence: `${rtp.agreed} of ${samples.length} packets have, ${at} octets in, an RTP header with SSRC ${ssrc}, sequence numbers that count and timestamps that step with them.`,
  };
}

/** STUN, DTLS and SIP show a signature; RTP may be among them. */
function sessionAt(samples: readonly PayloadSample[], at: number, share: number): Found | null {
  const told = new Map<string, number>();
  let others = 0;
  for (const { bytes, captured, sent } of samples) {
    const name = signatureAt(bytes, at, captured, sent);
    if (name !== '') told.set(name, (told.get(name) ?? 0) + 1);
    else if (at < captured && bytes[at] >>> 6 === 2) others++;
  }
  const signed = [...told.values()].reduce((sum, count) => sum + count, 0);
  if (signed < LEAST_PACKETS || signed + others < samples.length * share) return null;
  return {
    as: 'payload',
    agreed: signed + others,
    evidence: `${signed} of ${samples.length} packets have, ${at} octets in, the signature of ${[...told.keys()].join(', ')}.`,
  };
}

/** How many packets have the shape at `at`, all with one trailer; null where that is too few. */
function agreement(
  samples: readonly PayloadSample[],
  at: number,
  shape: Trailer,
  share: number,
): { agreed: number; trailer: number } | null {
  const trailers = new Map<number, number>();
  for (const { bytes, captured, sent } of samples) {
    const trailer = shape(bytes, at, captured, sent);
    if (trailer >= 0 && trailer <= MAX_TRAILER_BYTES) trailers.set(trailer, (trailers.get(trailer) ?? 0) + 1);
  }
  let best = { agreed: 0, trailer: 0 };
  for (const [trailer, agreed] of trailers) if (agreed > best.agreed) best = { agreed, trailer };
  return best.agreed >= LEAST_PACKETS && best.agreed >= samples.length * share ? best : null;
}
