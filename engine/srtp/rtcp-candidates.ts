import type { Capture } from '../capture.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { MediaKey } from '../keys/media-key.ts';

/** Keys tried on a sender that nothing leads to. */
const MOST_STRAY_KEYS = 64;

/** Which keys may open the RTCP of a sender. */
export class RtcpCandidates {
  private readonly capture: Capture;
  private readonly strays: readonly MediaKey[];
  /** Keys that opened RTP, by SSRC and by the address it came from; of a stream the newest first. */
  private readonly ofSource = new Map<number, MediaKey[]>();
  private readonly ofHost = new Map<string, MediaKey[]>();
  private readonly ofHandshake = new Map<number, MediaKey[]>();

  constructor(capture: Capture, ring: KeyRing) {
    this.capture = capture;
    this.strays = ring.all.slice(0, MOST_STRAY_KEYS);
    for (const { ssrc, flow, encryption } of capture.streams.streams) {
      const keys = encryption?.opening?.keys.toReversed() ?? [];
      if (keys.length === 0) continue;
      addTo(this.ofSource, ssrc, keys);
      addTo(this.ofHost, capture.store.flows.sourceAddress(flow), keys);
    }
    for (const key of ring.all) if (key.flow !== 0) addTo(this.ofHandshake, key.flow, [key]);
  }

  /** Keys that opened RTP of the same source, then of the same host, then those of its handshake, then any. */
  of(flow: number, ssrc: number): MediaKey[] {
    const { flows } = this.capture.store;
    const { ofSource, ofHost, ofHandshake, strays } = this;
    return [
      ...new Set([
        ...(ofSource.get(ssrc) ?? []),
        ...(ofHost.get(flows.sourceAddress(flow)) ?? []).slice(0, MOST_STRAY_KEYS),
        ...(ofHandshake.get(flow) ?? []),
        ...(ofHandshake.get(flows.reverse[flow]) ?? []),
        ...strays,
      ]),
    ];
  }
}

function addTo<Name>(map: Map<Name, MediaKey[]>, name: Name, keys: readonly MediaKey[]): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [...keys]);
  else list.push(...keys);
}
