import { RolloverSearch } from '../../media/srtp/rollover-search.ts';
import { SrtcpReceiver } from '../../media/srtp/rtcp-receiver.ts';
import { SrtpReceiver } from '../../media/srtp/receiver.ts';
import { SrtpOpener } from '../../media/srtp/opener.ts';
import { SrtpKeys } from '../../media/srtp/session-keys.ts';
import type { MediaKey } from '../keys/media-key.ts';
import { NodeCiphers } from './node-ciphers.ts';

/** Session keys by master key: derived once, however many senders and readers use them. */
export class KeyChain {
  private readonly ciphers = new NodeCiphers();
  private readonly derived = new WeakMap<MediaKey, SrtpKeys>();

  /** Follows one sender's packets; `rollover` is the counter to begin with, where something says. */
  receiver(key: MediaKey, rollover = 0): SrtpReceiver {
    return new SrtpReceiver(this.keysOf(key), rollover);
  }

  /** Follows one sender's RTCP packets. */
  rtcpReceiver(key: MediaKey): SrtcpReceiver {
    return new SrtcpReceiver(this.keysOf(key));
  }

  /** Looks for the rollover counter of a stream whose beginning was not captured. */
  search(key: MediaKey, packets: readonly Uint8Array[]): RolloverSearch {
    return new RolloverSearch(this.keysOf(key), packets);
  }

  /** Decrypts packets whose index is known, many at a time. What it gives lasts until its next use: not to be shared. */
  opener(key: MediaKey): SrtpOpener {
    return new SrtpOpener(this.keysOf(key));
  }

  private keysOf(key: MediaKey): SrtpKeys {
    let keys = this.derived.get(key);
    if (keys === undefined) this.derived.set(key, (keys = new SrtpKeys(key.policy, this.ciphers)));
    return keys;
  }
}
