import type { OctetRun } from '../audio/rtp-packets.ts';
import type { Turns } from '../filter/turns.ts';
import type { MediaKey } from '../keys/media-key.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { KeyChain } from './key-chain.ts';
import { authenticatedBy, type FoundKey, isProof } from './stream-opening.ts';

/** Keys whose rollover counter is searched for, of one stream. */
const SEARCHED_KEYS = 4;
/** Packets that are searched with: the second in case the first was damaged. */
const SEARCHED_PACKETS = 2;
/** Searches in vain before only the counters of the first days are tried: keys that are wrong must not take for ever. */
const FULL_SEARCHES = 100;
const SHORT_SEARCH = 256;

/** Finds the keys of streams by trying. */
export class KeyChooser {
  private readonly chain: KeyChain;
  private readonly turns: Turns;
  private inVain = 0;

  constructor(chain: KeyChain, turns: Turns) {
    this.chain = chain;
    this.turns = turns;
  }

  /**
   * The first of the keys that authenticates packets of the sample, at the counters a stream begins with or, for the
   * `likely` ones, at any. Where none does, one whose packets carry nothing to authenticate, if signalling or the user says
   * that it is theirs; else null.
   */
  async choose(
    stream: Stream,
    likely: readonly MediaKey[],
    stray: readonly MediaKey[],
    sample: readonly OctetRun[],
  ): Promise<FoundKey | null> {
    let unproved: MediaKey | null = null;
    for (const key of [...likely, ...stray]) {
      const { authenticated, unverified } = authenticatedBy(this.chain.receiver(key), sample);
      if (isProof(authenticated, sample.length, key.policy.suite.rtpTagBytes)) return { key, rollover: 0 };
      if (unverified > 0 && isTheirs(stream, key)) unproved ??= key;
      await this.turns.wait();
    }
    const packets = sample.slice(0, SEARCHED_PACKETS).map(({ bytes, at, length }) => bytes.slice(at, at + length));
    for (const key of packets.length === 0 ? [] : likely.slice(0, SEARCHED_KEYS)) {
      const rollover = await this.search(key, packets);
      if (rollover !== null) return { key, rollover };
    }
    return unproved === null ? null : { key: unproved, rollover: 0 };
  }

  private async search(key: MediaKey, packets: readonly Uint8Array[]): Promise<number | null> {
    const search = this.chain.search(key, packets);
    // With a key derivation rate every counter has session keys of its own, which takes a hundred times as long.
    if (this.inVain >= FULL_SEARCHES || key.policy.keyDerivationRate > 0) search.step(SHORT_SEARCH);
    else
      while (!search.step()) {
        await this.turns.wait();
      }
    if (search.roc === null) this.inVain++;
    return search.roc;
  }
}

function isTheirs(stream: Stream, key: MediaKey): boolean {
  if (key.source === 'manual') return key.scope !== null;
  return key.source === 'sdes' && stream.encryption !== null && key.call === stream.call;
}
