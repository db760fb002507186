import type { AudioMark } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { inbandDigits } from '../digits/inband-digits.ts';
import type { HeardAudio, HeardStream } from './heard-audio.ts';
import { placesOf } from './stream-marks.ts';

/** By channel: the digits heard as tones in its streams, where they are heard in this audio. Decodes them, once for a capture. */
export async function toneMarks(capture: Capture, heard: HeardAudio, signal?: AbortSignal): Promise<AudioMark[][]> {
  const origin = heard.fromSample / heard.sampleRate;
  const marks: AudioMark[][] = [];
  for (const channel of heard.channels) {
    const ofChannel: AudioMark[] = [];
    for (const one of channel) ofChannel.push(...(await marksOf(capture, one, origin, signal)));
    marks.push(ofChannel.toSorted((a, b) => a.at - b.at));
  }
  return marks;
}

async function marksOf(
  capture: Capture,
  one: HeardStream,
  origin: number,
  signal: AbortSignal | undefined,
): Promise<AudioMark[]> {
  const digits = await inbandDigits(capture, [one.stream], signal);
  if (digits.length === 0) return [];
  const places = placesOf(one);
  // A digit begins somewhere in its first packet; wherever the mode puts that, the mark goes along.
  const packetOfFrame = new Map(Array.from(one.places.frame, (frame, packet) => [frame, packet]));
  return digits.flatMap((digit): AudioMark[] => {
    const packet = packetOfFrame.get(digit.frames[0]);
    if (packet === undefined) return [];
    const at = Math.max(0, places[packet] - origin);
    const seconds = (digit.durationMs ?? 0) / 1000;
    return [{ kind: 'digit', at, seconds, label: digit.digit ?? '', count: 1, packet: digit.frames[0] + 1 }];
  });
}
