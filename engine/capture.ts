import type { FoundEncapsulation } from './encap/found-encapsulation.ts';
import type { HepTracker } from './hep/hep-tracker.ts';
import type { Pass } from './pass/pass.ts';
import type { RunningPlugins } from './plugins/running-plugins.ts';
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
import type { VertoTracker } from './trackers/verto/verto-tracker.ts';

/** A capture that was read: what was written down of it, and what was made of that. */
export interface Capture {
  readonly source: ByteSource;
  readonly reader: CaptureReader;
  readonly store: CaptureStore;
  readonly pass: Pass;
  /** The secrets it was read with, those it holds itself included. */
  readonly keyLog: KeyLog;
  readonly calls: CallTracker;
  readonly verto: VertoTracker;
  readonly streams: StreamTracker;
  readonly digits: DigitTracker;
  readonly dtls: DtlsTracker;
  readonly turn: TurnTracker;
  readonly ice: IceTracker;
  readonly hep: HepTracker;
  readonly opened: OpenedMedia;
  /** Plugins that took part in reading it; null where there were none. */
  readonly plugins: RunningPlugins | null;
  /** Encapsulations that it was read with because its packets gave them away. */
  readonly encapsulations: readonly FoundEncapsulation[];
}
