import type { PayloadSample } from './payload-samples.ts';
import { u16, u32 } from './inner-shapes.ts';

const HEADER = 12;
const LEAST_PACKETS = 6;
const PACKETS = 8;
const LEAST_SHARE = 7 / 8;
const LEAST_SSRC = 0x10000;
/** Steps of timestamps from packet to packet: 10 ms at 8 kHz to 120 ms at 48 kHz; of video at 90 kHz, from frame to frame. */
const LEAST_STEP = 80;
const MOST_STEP = 5760;
const LEAST_FRAME_STEP = 500;
const MOST_FRAME_STEP = 90_000;
const FIRST_DYNAMIC = 96;
/** Assigned payload types (RFC 3551 section 6): audio up to 18, video 25 to 34. */
const isAssigned = (type: number): boolean => type <= 18 || type === 25 || type === 26 || (type >= 28 && type <= 34);

/** What RTP headers at one offset say together. */
export interface RtpAgreement {
  readonly agreed: number;
  readonly ssrc: number;
  readonly payloadType: number;
}

/**
 * Whether all packets have RTP (RFC 3550 section 5.1) at `at`, strictly: one SSRC and payload type, sequence numbers that
 * count, and timestamps that step with them as audio's do, or from frame to frame as video's. Null where not. One packet in
 * eight may be something else (a keep-alive), or more where `share` is less.
 */
export function rtpAgreement(samples: readonly PayloadSample[], at: number, share = 1): RtpAgreement | null {
  const fitting = samples.filter((sample) => isHeader(sample, at));
  if (
    fitting.length < Math.min(LEAST_PACKETS, PACKETS * share) ||
    fitting.length < samples.length * Math.min(share, LEAST_SHARE)
  )
    return null;
  const [first] = fitting;
  const ssrc = u32(first.bytes, at + 8);
  const payloadType = first.bytes[at + 1] & 0x7f;
  if (ssrc < LEAST_SSRC || ssrc === 0xffffffff) return null;
  const isOne = ({ bytes }: PayloadSample): boolean =>
    u32(bytes, at + 8) === ssrc && (bytes[at + 1] & 0x7f) === payloadType;
  if (!fitting.every(isOne)) return null;
  if (!isAudio(fitting, at) && !isVideo(fitting, at, payloadType)) return null;
  return { agreed: fitting.length, ssrc, payloadType };
}

function isHeader({ bytes, captured, sent }: PayloadSample, at: number): boolean {
  if (at + HEADER > captured || at + HEADER >= sent || bytes[at] >>> 6 !== 2) return false;
  const type = bytes[at + 1] & 0x7f;
  if (type < FIRST_DYNAMIC && !isAssigned(type)) return false;
  return at + HEADER + (bytes[at] & 15) * 4 <= sent;
}

/** The step of sequence numbers from one packet to the next, and of timestamps. */
function steps(samples: readonly PayloadSample[], at: number): { count: number; ticks: number; marker: boolean }[] {
  return samples.slice(1).map(({ bytes }, i) => {
    const before = samples[i].bytes;
    return {
      count: ((u16(bytes, at + 2) - u16(before, at + 2)) << 16) >> 16,
      ticks: (u32(bytes, at + 4) - u32(before, at + 4)) | 0,
      marker: before[at + 1] >= 128,
    };
  });
}

function isAudio(samples: readonly PayloadSample[], at: number): boolean {
  const list = steps(samples, at);
  const unit = list.filter((step) => step.count === 1).map((step) => step.ticks);
  if (unit.length === 0) return false;
  const usual = unit.toSorted((a, b) => a - b)[unit.length >> 1];
  if (usual < LEAST_STEP || usual > MOST_STEP) return false;
  const sound = list.filter(({ count, ticks: gone }) => count >= 1 && count <= 4 && gone === usual * count).length;
  return sound * 4 >= list.length * 3 && list.every(({ count }) => Math.abs(count) <= 8);
}

function isVideo(samples: readonly PayloadSample[], at: number, payloadType: number): boolean {
  if (payloadType < FIRST_DYNAMIC && payloadType < 25) return false;
  const list = steps(samples, at);
  // The last packet of a frame has the marker, and the next the time of the next frame.
  const fits = ({ count, ticks, marker }: (typeof list)[number]): boolean =>
    count === 1 && (marker ? ticks >= LEAST_FRAME_STEP && ticks <= MOST_FRAME_STEP : ticks === 0);
  return list.every(fits) && list.some(({ marker }) => marker) && list.some(({ marker }) => !marker);
}
