import type { Capture } from '../../capture.ts';
import { formatOf } from '../../audio/stream-packets.ts';
import { codecFor, reasonNotDecodable } from '../../../media/codecs/index.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { callId } from '../call-rows.ts';
import { keyAdvice } from '../encryption-advice.ts';
import { streamId } from '../stream-rows.ts';
import { countOf, type Finding, packetsOf, quoted } from './finding.ts';

/** What several streams have in common is one finding, which names them by their first packets. */
export function streamsTogether(capture: Capture, streams: readonly Stream[]): Finding[] {
  return [
    ...encrypted(capture, streams),
    ...notDecodable(capture, streams),
    ...withoutSignalling(capture, streams),
    ...capturedTwice(capture, streams),
  ];
}

/** One for each call, and one for all streams without. */
function encrypted(capture: Capture, streams: readonly Stream[]): Finding[] {
  const groups = grouped(streams, (stream) => (stream.isSealed ? stream.call : null));
  return [...groups.values()].map((group) => {
    const state = group[0].encryption;
    const suite = state?.suite === null || state === null ? '' : ` with ${quoted(state.suite)}`;
    const how =
      state?.evidence === 'payload' ? 'The payload is noise, as of encrypted audio' : `The media is SRTP${suite}`;
    return {
      ...aboutGroup(capture, group),
      code: 'encrypted',
      severity: isWrongKey(group[0]) ? 'warning' : 'note',
      title: state !== null && state.keysInVain > 0 ? 'SRTP authentication failed' : 'Encrypted audio without a key',
      message: `${how}, so ${countOf(group.length, 'stream')} cannot be heard. ${keyAdvice(capture, group[0])}`,
      spec: 'RFC 3711',
    };
  });
}

/** Signalling agreed on keys, and the media has others: the other side can hear no more of it than we do. */
function isWrongKey({ encryption }: Stream): boolean {
  return encryption !== null && encryption.keysInVain > 0 && encryption.keySource === 'sdes';
}

/** One for each codec, or payload type that nothing explains. */
function notDecodable(capture: Capture, streams: readonly Stream[]): Finding[] {
  const groups = grouped(streams, (stream) => {
    const type = stream.mainPayloadType;
    if (stream.isSealed || type < 0) return null;
    const encoding = stream.payloads.encodings[type];
    if (encoding === undefined) return `type ${type}`;
    return codecFor(formatOf(stream, encoding)) === null ? encoding.name.toUpperCase() : null;
  });
  return [...groups.values()].map((group) => {
    const type = group[0].mainPayloadType;
    const encoding = group[0].payloads.encodings[type];
    const effect = `so ${countOf(group.length, 'stream')} cannot be heard`;
    if (encoding === undefined) {
      return {
        ...aboutGroup(capture, group),
        code: 'payload-type-unknown',
        severity: 'note',
        title: `Payload type ${type} is not explained`,
        message: `Neither signalling nor RFC 3551 says what payload type ${type} is, ${effect}.`,
        spec: 'RFC 3551 §6',
      };
    }
    return {
      ...aboutGroup(capture, group),
      code: 'codec-not-decoded',
      severity: 'note',
      title: `No decoder for ${quoted(encoding.name, 24).replaceAll(/\s+/g, '')}`,
      message: `${quoted(reasonNotDecodable(formatOf(group[0], encoding)), 100)}, ${effect}.`,
      spec: null,
    };
  });
}

function withoutSignalling(capture: Capture, streams: readonly Stream[]): Finding[] {
  const group = streams.filter(({ isUnsignalled }) => isUnsignalled);
  if (group.length === 0) return [];
  const named = countOf(group.length, 'stream');
  return [
    {
      ...aboutGroup(capture, group),
      code: 'no-signalling',
      severity: 'note',
      title: `${named} without signalling`,
      message: `No SDP in the capture names ${group.length === 1 ? 'its address' : 'their addresses'}, so codec and direction of ${named} follow from the packets alone.`,
      spec: null,
    },
  ];
}

function capturedTwice(capture: Capture, streams: readonly Stream[]): Finding[] {
  const group = streams.filter((stream) => stream.figures?.capturedTwice === true);
  if (group.length === 0) return [];
  return [
    {
      ...aboutGroup(capture, group),
      code: 'captured-twice',
      severity: 'note',
      title: 'Packets were captured twice',
      message: `The capture was taken on two interfaces or merged, so it holds the packets of ${countOf(group.length, 'stream')} twice.`,
      spec: null,
    },
  ];
}

/** Streams with the same key, in order; null is left out. */
function grouped<K>(streams: readonly Stream[], keyOf: (stream: Stream) => K | null): Map<K, Stream[]> {
  const groups = new Map<K, Stream[]>();
  for (const stream of streams) {
    const key = keyOf(stream);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [stream]);
    else group.push(stream);
  }
  return groups;
}

/** The call where all are of one, the stream where it is one, and the first packets. */
function aboutGroup(capture: Capture, group: readonly Stream[]): Pick<Finding, 'call' | 'stream' | 'packets'> {
  const [{ call }] = group;
  const isOneCall = call >= 0 && group.every((stream) => stream.call === call);
  return {
    call: isOneCall ? callId(capture.calls.entries[call]) : null,
    stream: group.length === 1 ? streamId(group[0]) : null,
    packets: packetsOf(group.map(({ firstFrame }) => firstFrame)),
  };
}
