import type { PayloadWatch } from '../../media/audio/mix.ts';
import type { PayloadNotesRow } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { streamId } from '../query/stream-rows.ts';
import type { HeardAudio, HeardStream } from './heard-audio.ts';

/** Packets that are named of a stream. */
const MOST_NAMED = 100;

/** Takes note of payloads that could not be decoded, and of those that made good what was lost, while audio is rendered. */
export class PayloadNotes implements PayloadWatch {
  private readonly capture: Capture;
  private readonly streams: readonly HeardStream[];
  private readonly rows: readonly PayloadNotesRow[];

  constructor(capture: Capture, heard: HeardAudio) {
    this.capture = capture;
    this.streams = heard.channels.flat();
    this.rows = this.streams.map(({ stream, audio }) => ({
      stream: streamId(stream),
      played: audio.timeline.rows,
      damaged: 0,
      damagedPackets: [],
      repeating: 0,
      repeatingPackets: [],
    }));
  }

  damaged(stream: number, packet: number): void {
    const frame = this.frameOf(stream, packet);
    // Of a packet that the capture cut off nobody knows what it was.
    if (this.capture.store.frames.cutLength.get(frame) > 0) return;
    const row = this.rows[stream];
    row.damaged++;
    if (row.damagedPackets.length < MOST_NAMED) row.damagedPackets.push(frame + 1);
  }

  repeats(stream: number, packet: number): void {
    const row = this.rows[stream];
    row.repeating++;
    if (row.repeatingPackets.length < MOST_NAMED) row.repeatingPackets.push(this.frameOf(stream, packet) + 1);
  }

  /** Of the streams with something to tell. */
  get noted(): PayloadNotesRow[] {
    return this.rows.filter(({ damaged, repeating }) => damaged > 0 || repeating > 0);
  }

  private frameOf(stream: number, packet: number): number {
    return this.streams[stream].places.frame[packet];
  }
}

/** A sentence without its full stop. */
export function damagedSentence({ stream, damaged, played }: PayloadNotesRow): string {
  const what = damaged === 1 ? 'holds no valid payload of its codec' : 'hold no valid payload of their codec';
  return `${damaged} of ${played} packets on ${stream} ${what}: damaged, or not what the payload type says`;
}

/** A sentence without its full stop. */
export function repeatingSentence({ stream, repeating }: PayloadNotesRow): string {
  const what = repeating === 1 ? 'packet repeats what was lost before it' : 'packets repeat what was lost before them';
  return `${repeating} ${what} on ${stream}, and that is heard (in-band FEC or RED)`;
}
