import type { Dissector } from '../dissectors/dissector.ts';
import { guessCodecs } from './audio/guess-codec.ts';
import { findPlainDespite, suspectEncryption } from './audio/suspect-encryption.ts';
import type { Capture } from './capture.ts';
import type { CodecRule } from './classify/codec-rule.ts';
import type { DecodeAsRule } from './classify/decode-as.ts';
import type { FoundEncapsulation } from './encap/found-encapsulation.ts';
import { HepTracker } from './hep/hep-tracker.ts';
import type { Secrets } from './keys/secrets.ts';
import { Pass } from './pass/pass.ts';
import type { RunningPlugins } from './plugins/running-plugins.ts';
import { openReader } from './readers/detect.ts';
import { type CaptureReader, FrameBatch } from './readers/frame-batch.ts';
import type { ByteSource } from './sources/byte-source.ts';
import { readAhead } from './reading/ahead-reader.ts';
import { forgivePadding } from './srtp/forgive-padding.ts';
import { markByHandshakes } from './srtp/mark-by-handshakes.ts';
import { openMedia, type OpeningProgress } from './srtp/open-media.ts';
import { OpenedMedia } from './srtp/opened-media.ts';
import { CaptureStore } from './store/capture-store.ts';
import { dtlsMediaKeys } from './tls/dtls-keys.ts';
import { DtlsTracker } from './tls/dtls-tracker.ts';
import { EmbeddedSecrets } from './tls/embedded-secrets.ts';
import { KeyLog } from './tls/key-log.ts';
import { CallTracker } from './trackers/calls/call-tracker.ts';
import { DigitTracker } from './trackers/digits/digit-tracker.ts';
import { IceTracker } from './trackers/ice/ice-tracker.ts';
import { MediaBinder } from './trackers/streams/media-binder.ts';
import { StreamTracker } from './trackers/streams/stream-tracker.ts';
import { TurnTracker } from './trackers/turn/turn-tracker.ts';
import { VertoTracker } from './trackers/verto/verto-tracker.ts';

/** Readings that end as soon as an encapsulation is found. */
const MAX_EARLY_ENDS = 2;

export interface Progress {
  readonly bytesRead: number;
  /** -1 while the size is not known (standard input). */
  readonly bytesTotal: number;
  readonly packets: number;
  /** Everything was read, and encrypted packets are being opened: how many of them were. */
  readonly decrypting?: OpeningProgress;
}

export interface ReadOptions {
  readonly dissectors: readonly Dissector[];
  readonly decodeAs?: readonly DecodeAsRule[];
  /** Payload types whose meaning the user set. */
  readonly codecs?: readonly CodecRule[];
  /** Key logs and SRTP keys that open what is encrypted. */
  readonly secrets?: Secrets;
  readonly signal?: AbortSignal;
  /** Called after every block of the capture. */
  readonly onProgress?: (progress: Progress) => void;
  /** Given the capture before its first block is read, to look into while it grows; trackers conclude at the end. */
  readonly onOpen?: (capture: Capture) => void;
  /** Waited for after every block: false ends the reading there, as if the capture had ended. */
  readonly goOn?: () => Promise<boolean>;
  /** Plugins that take part: their dissectors are asked after those of `dissectors`, their checks run at the end. */
  readonly plugins?: RunningPlugins;
  /** Instead of `readAhead`. */
  readonly readAhead?: typeof readAhead;
  /** False lets a dissector's exception through (tests). */
  readonly fence?: boolean;
}

/** Nobody cancels. */
const NEVER = new AbortController().signal;

/**
 * Reads a capture once, from the first frame to the last, and draws the conclusions. Damage ends or thins what is
 * read and is reported in the result; rejects with UnreadableCaptureError where the source is no capture at all, with
 * AbortError when cancelled, with the system's error where reading fails.
 */
export function readCapture(source: ByteSource, options: ReadOptions): Promise<Capture> {
  return readOnce(source, options, [], 0);
}

/** `found` are the encapsulations that earlier readings came upon, `readings` how many there were. */
async function readOnce(
  source: ByteSource,
  options: ReadOptions,
  found: readonly FoundEncapsulation[],
  readings: number,
): Promise<Capture> {
  const { signal } = options;
  const reader = (options.readAhead ?? readAhead)(await openReader(source, { signal }), source, signal);
  try {
    return await readFrom(reader, source, options, found, readings);
  } finally {
    reader.close?.();
  }
}

async function readFrom(
  reader: CaptureReader,
  source: ByteSource,
  options: ReadOptions,
  found: readonly FoundEncapsulation[],
  readings: number,
): Promise<Capture> {
  const store = new CaptureStore(
    options.plugins === undefined ? options.dissectors : [...options.dissectors, ...options.plugins.dissectors],
  );
  const keyLog = options.secrets?.keyLog ?? new KeyLog();
  const pass = new Pass(store, {
    decodeAs: options.decodeAs ?? [],
    found,
    fence: options.fence ?? true,
    keyLog,
    espSas: options.secrets?.espSas,
  });
  const calls = new CallTracker(store);
  const verto = new VertoTracker(store, pass.webSockets.descriptions);
  const believed = new Set((options.decodeAs ?? []).flatMap(({ selector }) => selector.ssrc ?? []));
  const streams = new StreamTracker(store, new MediaBinder(store, calls, options.codecs, verto), believed);
  const digits = new DigitTracker(store, streams);
  const dtls = new DtlsTracker();
  const turn = new TurnTracker();
  const ice = new IceTracker();
  const hep = new HepTracker();
  const opened = new OpenedMedia();
  const capture: Capture = {
    source,
    reader,
    store,
    pass,
    keyLog,
    calls,
    verto,
    streams,
    digits,
    dtls,
    turn,
    ice,
    hep,
    opened,
    encapsulations: found,
    plugins: options.plugins ?? null,
  };
  options.onOpen?.(capture);
  const embedded = new EmbeddedSecrets(source, reader, keyLog);
  const again = (secrets = options.secrets): Promise<Capture> => {
    const all = [...found, ...pass.encapsulations.found];
    reader.close?.();
    return readOnce(source, secrets === undefined ? options : { ...options, secrets }, all, readings + 1);
  };
  let isStopped = false;
  const batch = new FrameBatch();
  while (!isStopped && (await reader.next(batch))) {
    if (embedded.isBehind) await embedded.take(store.frames.count);
    pass.take(batch, reader.interfaces);
    calls.advance();
    verto.advance();
    streams.advance();
    options.onProgress?.({
      bytesRead: batch.fileOffset + batch.bytes.length,
      bytesTotal: source.lengthBytes,
      packets: store.frames.count,
    });
    isStopped = options.goOn !== undefined && !(await options.goOn());
    // With what was found at hand from the beginning, once more; at the end where it goes on being found.
    if (readings < MAX_EARLY_ENDS && pass.encapsulations.found.length > 0 && !isStopped) return again();
  }
  pass.finish();
  if (readings <= MAX_EARLY_ENDS && pass.encapsulations.found.length > 0 && !isStopped) return again();
  if (embedded.isBehind) await embedded.take(store.frames.count);
  // Secrets that lie behind the records they open: with them at hand from the beginning, once more.
  if (embedded.isLate && !isStopped && pass.tls.hasLateSecrets) {
    return again({ srtpKeys: [], ...options.secrets, keyLog });
  }
  for (const tracker of [calls, verto, streams]) {
    tracker.advance();
    tracker.finish();
  }
  await dtls.finish(capture, options.signal);
  await turn.finish(capture, options.signal);
  await hep.finish(capture, options.signal);
  await ice.finish(capture, options.signal);
  markByHandshakes(capture);
  const dtlsKeys = dtlsMediaKeys(capture);
  await openMedia(capture, {
    srtpKeys: options.secrets?.srtpKeys ?? [],
    dtlsKeys,
    signal: options.signal,
    onProgress: (decrypting) => {
      const { lengthBytes } = source;
      options.onProgress?.({
        bytesRead: lengthBytes,
        bytesTotal: lengthBytes,
        packets: store.frames.count,
        decrypting,
      });
    },
  });
  await findPlainDespite(capture);
  await suspectEncryption(capture);
  await guessCodecs(capture);
  forgivePadding(capture);
  digits.finish();
  await options.plugins?.check(capture, options.signal ?? NEVER);
  return capture;
}
