/** Fixtures of payloads that have their lengths before them. */
import { fixture } from './fixtures.ts';

/** speech.silk: packets, each behind its length in two octets, the low one first. */
export function silkPackets(): Uint8Array[] {
  const octets = fixture('speech.silk');
  const packets: Uint8Array[] = [];
  for (let at = 0; at + 2 <= octets.length; ) {
    const end = at + 2 + octets[at] + 256 * octets[at + 1];
    packets.push(octets.subarray(at + 2, end));
    at = end;
  }
  return packets;
}

/** speech-dtx.g729: the frames of each 10 ms, empty where none was sent. */
export function g729Frames(): Uint8Array[] {
  const octets = fixture('speech-dtx.g729');
  const frames: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += 1 + octets[at]) frames.push(octets.subarray(at + 1, at + 1 + octets[at]));
  return frames;
}
