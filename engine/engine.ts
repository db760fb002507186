import type { Dissector } from '../dissectors/dissector.ts';
import { findPlainDespite, suspectEncryption } from './audio/suspect-encryption.ts';
import type { Capture } from './capture.ts';
import type { DecodeAsRule } from './classify/decode-as.ts';
import { HepTracker } from './hep/hep-tracker.ts';
import type { Secrets } from './keys/secrets.ts';
import { Pass } from './pass/pass.ts';
import { openReader } from './readers/detect.ts';
import { FrameBatch } from './readers/frame-batch.ts';
import type { ByteSource } from './sources/byte-source.ts';
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
import { type Encoding } from './trackers/streams/payload-map.ts';
import { StreamTracker } from './trackers/streams/stream-tracker.ts';
import { TurnTracker } from './trackers/turn/turn-tracker.ts';

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
  readonly codecs?: ReadonlyMap<number, Encoding>;
  /** Key logs and SRTP keys that open what is encrypted. */
  readonly secrets?: Secrets;
  readonly signal?: AbortSignal;
  /** Called after every block of the capture. */
  readonly onProgress?: (progress: Progress) => void;
  /** Given the capture before its first block is read, to look into while it grows; trackers conclude at the end. */
  readonly onOpen?: (capture: Capture) => void;
  /** Waited for after every block: false ends the reading there, as if the capture had ended. */
  readonly goOn?: () => Promise<boolean>;
  /** False lets a dissector's exception through (tests). */
  readonly fence?: boolean;
}

/**
 * Reads a capture once, from the first frame to the last, and draws the conclusions. Damage ends or thins what is
 * read and is reported in the result; rejects with UnreadableCaptureError where the source is no capture at all, with
 * AbortError when cancelled, with the system's error where reading fails.
 */
export async function readCapture(source: ByteSource, options: ReadOptions): Promise<Capture> {
  const reader = await openReader(source, options.signal === undefined ? {} : { signal: options.signal });
  const store = new CaptureStore(options.dissectors);
  const keyLog = options.secrets?.keyLog ?? new KeyLog();
  const pass = new Pass(store, { decodeAs: options.decodeAs ?? [], fence: options.fence ?? true, keyLog });
  const calls = new CallTracker(store);
  const streams = new StreamTracker(store, new MediaBinder(store, calls, options.codecs));
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
    streams,
    digits,
    dtls,
    turn,
    ice,
    hep,
    opened,
  };
  options.onOpen?.(capture);
  const embedded = new EmbeddedSecrets(source, reader, keyLog);
  let isStopped = false;
  const batch = new FrameBatch();
  while (!isStopped && (await reader.next(batch))) {
    if (embedded.isBehind) await embedded.take(store.frames.count);
    pass.take(batch, reader.interfaces);
    calls.advance();
    streams.advance();
    options.onProgress?.({
      bytesRead: batch.fileOffset + batch.bytes.length,
      bytesTotal: source.lengthBytes,
      packets: store.frames.count,
    });
    isStopped = options.goOn !== undefined && !(await options.goOn());
  }
  pass.finish();
  if (embedded.isBehind) await embedded.take(store.frames.count);
  // Secrets that lie behind the records they open: with them at hand from the beginning, once more.
  if (embedded.isLate && !isStopped && pass.tls.hasLateSecrets) {
    return readCapture(source, { ...options, secrets: { keyLog, srtpKeys: options.secrets?.srtpKeys ?? [] } });
  }
  for (const tracker of [calls, streams]) {
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
  forgivePadding(capture);
  digits.finish();
  return capture;
}
