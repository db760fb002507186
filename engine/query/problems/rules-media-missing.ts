import type { Side } from '../../trackers/calls/call.ts';
import { parseIPv4, parseIPv6 } from '../../store/addresses.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { streamId } from '../stream-rows.ts';
import type { CallFacts, Section } from './call-facts.ts';
import { type Finding, packetsOf } from './finding.ts';
import { MEDIA_PACKETS, TALK_SECONDS } from './thresholds.ts';

/** Streams of nobody that a finding names. */
const STREAMS_NAMED = 3;

/** RTP in one direction, or in none, of a call in which both sides agreed on both. Asked where the capture has RTP. */
export function mediaMissing(facts: CallFacts): Finding[] {
  const { call, streams } = facts;
  if (!facts.isCall || call.answerFrame < 0) return [];
  const fromCaller = packetsFrom(facts, true);
  const fromCallee = packetsFrom(facts, false);
  if (fromCaller > 0 && fromCallee > 0) return [];
  if (facts.talkSeconds < TALK_SECONDS || !bothAgreed(facts.sections)) return [];
  // Streams whose direction is not known may be the missing ones.
  if (streams.some((stream) => stream.fromCaller === null)) return [];
  if (streams.length === 0) return [noMedia(facts)];
  if (Math.max(fromCaller, fromCallee) < MEDIA_PACKETS || !facts.sections.every((s) => s.isSendRecv)) return [];
  return [oneWay(facts, fromCaller === 0 ? 'caller' : 'callee')];
}

function packetsFrom({ streams }: CallFacts, isCaller: boolean): number {
  return streams.reduce((sum, stream) => (stream.fromCaller === isCaller ? sum + stream.packets : sum), 0);
}

function bothAgreed(sections: readonly Section[]): boolean {
  return sections.some(({ side }) => side === 'caller') && sections.some(({ side }) => side === 'callee');
}

function oneWay(facts: CallFacts, silent: Side): Finding {
  const other: Side = silent === 'caller' ? 'callee' : 'caller';
  const own = facts.sections.filter(({ side }) => side === silent);
  const name = facts.who(silent);
  const title = /\s/.test(name) ? `One-way audio: nothing from the ${silent}` : `One-way audio: nothing from ${name}`;
  return {
    code: 'one-way-audio',
    severity: 'error',
    title,
    message: `No RTP from ${name} is in the capture although both sides agreed to send, so ${facts.who(other)} got none on this way.`,
    call: facts.id,
    stream: null,
    packets: packetsOf([
      ...facts.sections.map(({ frame }) => frame),
      ...own.map(({ frame }) => frame),
      facts.streams[0].firstFrame,
    ]),
    spec: 'RFC 3264 §5.1',
  };
}

function noMedia(facts: CallFacts): Finding {
  const others = unsignalledMeanwhile(facts);
  const why =
    others.length === 0
      ? 'It took a way that was not captured, or was never sent.'
      : `It took another way, or was never sent: ${streamsText(others)} in no SDP of the capture and ran meanwhile, perhaps its media behind a translation of addresses.`;
  return {
    code: 'no-media',
    severity: 'warning',
    title: 'No media where the SDP says',
    message: `The capture has no RTP from or to the addresses that both sides agreed on. ${why}`,
    call: facts.id,
    stream: null,
    packets: packetsOf([
      ...facts.sections.map(({ frame }) => frame),
      facts.call.answerFrame,
      ...others.slice(0, STREAMS_NAMED).map(({ firstFrame }) => firstFrame),
    ]),
    spec: null,
  };
}

/** Streams of no call that were sent while this one was up. */
function unsignalledMeanwhile({ capture, call }: CallFacts): Stream[] {
  const { calls, streams, store } = capture;
  const until = call.byeRow < 0 ? store.frames.count - 1 : calls.sip.frame.get(call.byeRow);
  return streams.streams.filter(
    (stream) => stream.isUnsignalled && stream.firstFrame < until && stream.lastFrame > call.answerFrame,
  );
}

/** `stream s1 is`, `streams s1, s2 and s3 are`, `streams s1, s2, s3 and 4 more are`. */
function streamsText(streams: readonly Stream[]): string {
  if (streams.length === 1) return `stream ${streamId(streams[0])} is`;
  const named = streams.slice(0, STREAMS_NAMED).map(streamId);
  const more = streams.length - named.length;
  const last = more > 0 ? `${more} more` : named.pop();
  return `streams ${named.join(', ')} and ${last} are`;
}

/** A private address for media from somebody whose signalling comes from a public one, and to which nothing was sent. */
export function privateAddress(facts: CallFacts, _found: readonly Finding[], isReached: ReachedCheck): Finding[] {
  const { call } = facts;
  if (!facts.isCall || call.answerFrame < 0 || facts.talkSeconds < TALK_SECONDS) return [];
  if (packetsFrom(facts, true) > 0 && packetsFrom(facts, false) > 0) return [];
  const section = facts.sections.find(
    ({ address, port, sender }) => isPrivate(address) && isPublic(sender) && !isReached(address, port),
  );
  if (section === undefined) return [];
  return [
    {
      code: 'private-address',
      severity: 'error',
      title: 'Private address in the SDP',
      message: `The SDP of ${facts.who(section.side)} names ${section.address}, a private address, while its signalling came from ${section.sender}, and no media to it is in the capture.`,
      call: facts.id,
      stream: null,
      packets: packetsOf([section.frame, call.answerFrame]),
      spec: 'RFC 1918',
    },
  ];
}

/** Whether media was sent to an address and port. */
export type ReachedCheck = (address: string, port: number) => boolean;

/** RFC 1918, RFC 6598, RFC 4193. */
export function isPrivate(address: string): boolean {
  const v4 = parseIPv4(address);
  if (v4 > 0) {
    const first = v4 >>> 24;
    const two = v4 >>> 16;
    return first === 10 || (two >= 0xac10 && two <= 0xac1f) || two === 0xc0a8 || (two >= 0x6440 && two <= 0x647f);
  }
  const v6 = parseIPv6(address);
  return v6 !== null && (v6[0] & 0xfe) === 0xfc;
}

/** Neither private nor of the host, the link, or nowhere. */
function isPublic(address: string): boolean {
  const v4 = parseIPv4(address);
  if (v4 > 0) return !isPrivate(address) && v4 >>> 24 !== 127 && v4 >>> 16 !== 0xa9fe && v4 >>> 24 !== 0;
  const v6 = parseIPv6(address);
  return v6 !== null && !isPrivate(address) && (v6[0] & 0xe0) === 0x20;
}
