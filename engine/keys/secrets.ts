import type { EspSa } from '../esp/security-association.ts';
import type { KeyLog } from '../tls/key-log.ts';
import type { ManualKey } from './manual-key.ts';

/** What a person brought to open a capture with. */
export interface Secrets {
  /** Grows while a capture is read: secrets that the capture itself holds are added. */
  readonly keyLog: KeyLog;
  readonly srtpKeys: readonly ManualKey[];
  readonly espSas?: readonly EspSa[];
}
