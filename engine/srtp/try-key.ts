import { RtpPackets } from '../audio/rtp-packets.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { isMeant, manualMediaKey } from '../keys/key-ring.ts';
import type { ManualKey } from '../keys/manual-key.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { KeyChooser } from './choose-key.ts';
import { KeyChain } from './key-chain.ts';
import { authenticatedBy } from './stream-opening.ts';
import { sampleRows } from './sample-rows.ts';

/** Streams whose packets are all authenticated; of the others a sample. */
const TRIED_WHOLE = 4;
const BATCH = 2048;
/** Streams that a key without a scope is tried on. */
const MOST_STREAMS = 2000;

export interface KeyTrialOfStream {
  readonly stream: Stream;
  readonly tried: number;
  readonly authenticated: number;
}

/**
 * What a key does to the streams it is meant for, without keeping anything: a sample of each, and where that authenticates
 * every packet of the first few. Those that authenticate come first.
 */
export async function tryKey(
  capture: Capture,
  key: ManualKey,
  signal?: AbortSignal,
): Promise<{ streams: KeyTrialOfStream[] }> {
  const turns = new Turns(signal);
  const media = manualMediaKey(key);
  const chain = new KeyChain();
  const chooser = new KeyChooser(chain, turns);
  const wanted = capture.streams.streams
    .filter((stream) => media.scope === null || isMeant(capture, stream, media.scope))
    .slice(0, MOST_STREAMS);
  if (wanted.length === 0) return { streams: [] };
  const packets = new RtpPackets(capture);
  const samples = sampleRows(capture, wanted);
  const results: KeyTrialOfStream[] = [];
  let whole = 0;
  for (const [i, stream] of wanted.entries()) {
    await packets.load(samples[i]);
    const sample = packets.readAll(samples[i]);
    const found = await chooser.choose(stream, [media], [], sample);
    const receiver = chain.receiver(media, found?.rollover ?? 0);
    if (found === null || whole >= TRIED_WHOLE) {
      const { authenticated } = authenticatedBy(receiver, sample);
      results.push({ stream, tried: sample.length, authenticated });
      continue;
    }
    whole++;
    let tried = 0;
    let authenticated = 0;
    for (const rows of batchesOf(capture, stream)) {
      await packets.load(rows);
      const runs = packets.readAll(rows);
      tried += runs.length;
      authenticated += authenticatedBy(receiver, runs).authenticated;
      await turns.wait();
    }
    results.push({ stream, tried, authenticated });
  }
  return { streams: results.toSorted((a, b) => Number(b.authenticated > 0) - Number(a.authenticated > 0)) };
}

/** The RTP rows of a stream, some at a time. */
function* batchesOf({ streams }: Capture, stream: Stream): Generator<number[]> {
  const { rtp, streamOfRow } = streams;
  let batch: number[] = [];
  for (let row = rtp.firstRowOf(stream.firstFrame); row < rtp.count; row++) {
    if (streamOfRow.get(row) !== stream.index + 1) continue;
    batch.push(row);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
    if (rtp.frame.get(row) >= stream.lastFrame) break;
  }
  if (batch.length > 0) yield batch;
}
