import type { CaptureStore } from '../../store/capture-store.ts';
import { endsOfPair } from './candidates.ts';
import type { SideIndex } from './ice-pair.ts';
import type { IceSession } from './ice-session.ts';
import { MOST_WAITING_PAIRS } from './ice-timing.ts';

/** Pairs of announced candidates that nobody checked. */
export function findWaiting(store: CaptureStore, session: IceSession): void {
  const checked = new Set(session.pairs.map((pair) => endsOfPair(store, pair).join(' ')));
  const usable = (side: SideIndex) =>
    session.candidates.filter(
      (c) => c.side === side && (c.from === 'sdp' || c.from === 'trickle') && !/:9$|\.local:/.test(c.address),
    );
  // A server reflexive candidate is checked from its base (RFC 8445 section 6.1.2.4).
  const locals = usable(0).filter(({ type }) => type === 'host' || type === 'relay');
  const remotes = usable(1);
  for (const local of locals) {
    for (const remote of remotes) {
      const fits =
        local.component === remote.component &&
        local.transport === remote.transport &&
        local.section === remote.section &&
        local.generation === remote.generation &&
        local.address.startsWith('[') === remote.address.startsWith('[');
      if (!fits || checked.has(`${local.address} ${remote.address}`)) continue;
      if (session.waiting.length >= MOST_WAITING_PAIRS) return;
      session.waiting.push({ local, remote });
    }
  }
}
