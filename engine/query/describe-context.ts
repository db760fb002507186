import type { DescribeContext } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
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
  return {
    truncated,
    transport,
    sourcePort,
    destinationPort,
    mediaType,
    encodingOf: (payloadType) => encodingOf(capture, frame, payloadType),
    child,
  };
}

/** `PCMU/8000`, `opus/48000/2`, or '' where nothing is known. */
function encodingOf(capture: Capture, frame: number, payloadType: number): string {
  const { rtp, streamOfRow, candidates } = capture.streams;
  const row = rtp.firstRowOf(frame);
  if (row >= rtp.count || rtp.frame.get(row) !== frame) return '';
  const stream = candidates[streamOfRow.get(row) - 1];
  if (stream === undefined) return '';
  // What is encrypted must not be read as if it were not.
  if (stream.encryption !== null) return '';
  const encoding = stream.payloads.encodings[payloadType];
  if (encoding !== undefined) {
    const channels = encoding.channels > 1 ? `/${encoding.channels}` : '';
    return `${encoding.name}/${encoding.clockRate}${channels}`;
  }
  return stream.guessedEvents.includes(payloadType) ? 'telephone-event/8000' : '';
}
