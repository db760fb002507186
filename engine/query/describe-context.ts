import type { DescribeContext } from '../../dissectors/dissector.ts';
import { suiteByName } from '../../media/srtp/suites.ts';
import type { Capture } from '../capture.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { encapsulationOf } from './handed-on.ts';
import type { PacketMessage } from './packet-messages.ts';

/** What the cold pass may know of a message: ports, and what signalling said of payload types on its flow. */
export function describeContext(
  capture: Capture,
  frame: number,
  message: PacketMessage,
  mediaType: string,
  child: DescribeContext['child'],
): DescribeContext {
  const { truncated, transport, sourcePort, destinationPort } = message;
  const stream = streamOf(capture, frame);
  return {
    truncated,
    transport,
    sourcePort,
    destinationPort,
    encapsulation: encapsulationOf(capture, message.flow),
    mediaType,
    srtp: stream === null || message.isPlain ? null : srtpOf(stream),
    encodingOf: (payloadType) => (stream === null ? '' : encodingOf(stream, payloadType)),
    child,
  };
}

/** The stream of a frame's RTP packet. */
function streamOf({ streams }: Capture, frame: number): Stream | null {
  const { rtp, streamOfRow, candidates } = streams;
  const row = rtp.firstRowOf(frame);
  if (row >= rtp.count || rtp.frame.get(row) !== frame) return null;
  return candidates[streamOfRow.get(row) - 1] ?? null;
}

/** How the packets of an encrypted stream end, as far as the suite says; null where it is plain. */
function srtpOf({ encryption }: Stream): DescribeContext['srtp'] {
  if (encryption === null) return null;
  const policy = encryption.opening?.keys[0].policy;
  const suite = policy?.suite ?? (encryption.suite === null ? null : suiteByName(encryption.suite));
  return { mkiLength: policy?.mki.length ?? 0, tagLength: suite?.rtpTagBytes ?? 0 };
}

/** `PCMU/8000`, `opus/48000/2`, or '' where nothing is known. */
function encodingOf(stream: Stream, payloadType: number): string {
  // What is encrypted must not be read as if it were not.
  if (stream.isSealed) return '';
  const encoding = stream.payloads.encodings[payloadType];
  if (encoding !== undefined) {
    const channels = encoding.channels > 1 ? `/${encoding.channels}` : '';
    return `${encoding.name}/${encoding.clockRate}${channels}`;
  }
  return stream.guessedEvents.includes(payloadType) ? 'telephone-event/8000' : '';
}
