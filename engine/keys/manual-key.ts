import type { SrtpSuite } from '../../media/srtp/policy.ts';
import type { ManualScope } from './media-key.ts';

/** An SRTP key that a person entered. */
export interface ManualKey {
  readonly scope: ManualScope;
  readonly suite: SrtpSuite;
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
}
