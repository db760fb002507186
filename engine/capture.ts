import type { HepTracker } from './hep/hep-tracker.ts';
import type { Pass } from './pass/pass.ts';
import type { CaptureReader } from './readers/frame-batch.ts';
import type { ByteSource } from './sources/byte-source.ts';
import type { OpenedMedia } from './srtp/opened-media.ts';
import type { CaptureStore } from './store/capture-store.ts';
import type { DtlsTracker } from './tls/dtls-tracker.ts';
import type { KeyLog } from './tls/key-log.ts';
import type { CallTracker } from './trackers/calls/call-tracker.ts';
import type { DigitTracker } from './trackers/digits/digit-tracker.ts';
import type { IceTracker } from './trackers/ice/ice-tracker.ts';
import type { StreamTracker } from './trackers/streams/stream-tracker.ts';
import type { TurnTracker } from './trackers/turn/turn-tracker.ts';

/** A capture that was read: what was written down of it, and what was made of that. */
export interface Capture {
  readonly source: ByteSource;
  readonly reader: CaptureReader;
  readonly store: CaptureStore;
  readonly pass: Pass;
  /** The secrets it was read with, those it holds itself included. */
  readonly keyLog: KeyLog;
  readonly calls: CallTracker;
  readonly streams: StreamTracker;
  readonly digits: DigitTracker;
  readonly dtls: DtlsTracker;
  readonly turn: TurnTracker;
  readonly ice: IceTracker;
  readonly hep: HepTracker;
  readonly opened: OpenedMedia;
}
