import { rtpColumns } from '../../../dissectors/rtp/rtp.ts';
import { SDP_COLUMNS, type SdpColumns, SdpFlag } from '../../../dissectors/sdp/columns.ts';
import { parseFormats } from '../../../dissectors/sdp/parse-formats.ts';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../../store/addresses.ts';
import type { CodecRule } from '../../classify/codec-rule.ts';
import { ANYTHING, type SelectorFlow, selects } from '../../classify/selector.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import type { LayerTable } from '../../store/layer-table.ts';
import type { CallTracker } from '../calls/call-tracker.ts';
import type { Side } from '../calls/call.ts';
import type { VertoCall } from '../verto/verto-call.ts';
import type { VertoTracker } from '../verto/verto-tracker.ts';
import { type FlowCheck, flowChecks } from './flow-checks.ts';
import type { EncryptionState } from './encryption.ts';
import { PayloadMap, STATIC_PAYLOADS } from './payload-map.ts';
import { Evidence, type Stream } from './stream.ts';
import type { StreamBinder } from './stream-tracker.ts';

/** A media section as it was announced: by whom, when, for which call. */
interface Announcement {
  readonly sdpRow: number;
  /** -1 of one that came by Verto. */
  readonly sipRow: number;
  readonly frame: number;
  /** -1 of one that came by Verto, whose call is `verto`. */
  readonly call: number;
  readonly verto: VertoCall | null;
  readonly side: Side;
}

/** One end of a stream, as a key: family, address and port. */
type EndpointKey = string;

/**
 * Matches streams with the media sections of SDP. A section announces where its author wants to receive (RFC 3264
 * section 5.1), so a stream belongs to the section that names its destination, and is sent by the other side; where
 * none does (NAT), to the section that names its source.
 */
export class MediaBinder implements StreamBinder {
  private readonly store: CaptureStore;
  private readonly calls: CallTracker;
  private readonly verto: VertoTracker | null;
  private readonly sdp: LayerTable<SdpColumns> | null;
  private readonly payloadMaps = new Map<number, PayloadMap>();
  /** ICE's checks, by flow: they say whose media goes an unannounced way. */
  private checks: ReadonlyMap<number, FlowCheck> = new Map();
  private readonly combined = new Map<PayloadMap, Map<PayloadMap, PayloadMap>>();
  /** What the user set by hand; it comes before anything signalled. */
  private readonly byHand: PayloadMap;
  /** What the user set of some streams only, the newest rule first. */
  private readonly scoped: readonly CodecRule[];
  private readonly scopedMaps = new Map<string, PayloadMap>();

  constructor(
    store: CaptureStore,
    calls: CallTracker,
    codecs: readonly CodecRule[] = [],
    verto: VertoTracker | null = null,
  ) {
    this.verto = verto;
    this.store = store;
    this.calls = calls;
    this.byHand = new PayloadMap();
    // Later ones win.
    const rules = codecs.toReversed();
    for (const { selector, payloadType, encoding } of rules) {
      if (selector === ANYTHING) this.byHand.add(payloadType, encoding);
    }
    this.scoped = rules.filter(({ selector }) => selector !== ANYTHING);
    this.sdp = store.layer('sdp', SDP_COLUMNS);
  }

  bind(streams: readonly Stream[]): void {
    this.bindAll(streams);
    if (this.scoped.length === 0) return;
    for (const stream of streams) {
      const byHand = this.scopedMap(stream);
      if (byHand !== null) stream.payloads = this.both(byHand, stream.payloads);
    }
  }

  /** What the user set of this stream in particular; null for nothing. */
  private scopedMap({ flow, ssrc }: Stream): PayloadMap | null {
    const { flows } = this.store;
    const about: SelectorFlow = {
      transport: 'udp',
      source: { address: flows.sourceAddress(flow), port: flows.sourcePort(flow) },
      destination: { address: flows.destinationAddress(flow), port: flows.destinationPort(flow) },
    };
    const places = this.scoped.flatMap(({ selector }, i) =>
      (selector.ssrc === null ? selects(selector, about) : selector.ssrc === ssrc) ? [i] : [],
    );
    if (places.length === 0) return null;
    const key = places.join(' ');
    let map = this.scopedMaps.get(key);
    if (map === undefined) {
      map = new PayloadMap();
      for (const place of places) map.add(this.scoped[place].payloadType, this.scoped[place].encoding);
      this.scopedMaps.set(key, map);
    }
    return map;
  }

  private bindAll(streams: readonly Stream[]): void {
    const unsignalled = this.byHand.with(STATIC_PAYLOADS);
    for (const stream of streams) stream.payloads = unsignalled;
    if (this.sdp === null || this.sdp.count === 0) return;
    this.checks = flowChecks(this.store);
    const announced = this.announcementsFor(streams);
    for (const stream of streams) {
      if (this.bindEnd(stream, announced.get(this.destinationKey(stream)), true)) continue;
      if (this.bindEnd(stream, announced.get(this.sourceKey(stream)), false)) continue;
      const check = this.checks.get(stream.flow);
      if (check === undefined || this.bindEnd(stream, announced.get(ufragKey(check.receiver)), true)) continue;
      this.bindEnd(stream, announced.get(ufragKey(check.sender)), false);
    }
  }

  /** Sections that name an end of some stream, in capture order. One scan, nothing kept of other sections. */
  private announcementsFor(streams: readonly Stream[]): Map<EndpointKey, Announcement[]> {
    const wanted = new Map<EndpointKey, Announcement[]>();
    for (const stream of streams) {
      wanted.set(this.destinationKey(stream), []);
      wanted.set(this.sourceKey(stream), []);
      const check = this.checks.get(stream.flow);
      if (check === undefined) continue;
      wanted.set(ufragKey(check.receiver), []);
      wanted.set(ufragKey(check.sender), []);
    }
    const sdp = this.sdp;
    if (sdp === null) return wanted;
    const { address, port, ufrag } = sdp.rows.columns;
    const addressKeys = new Map<number, string | null>();
    for (let row = 0; row < sdp.count; row++) {
      const addressId = address.get(row);
      let key = addressKeys.get(addressId);
      if (key === undefined) {
        key = addressKey(this.store.strings.text(addressId));
        addressKeys.set(addressId, key);
      }
      const byAddress = key === null || port.get(row) === 0 ? undefined : wanted.get(`${key}/${port.get(row)}`);
      const byUfrag = ufrag.get(row) === 0 ? undefined : wanted.get(ufragKey(ufrag.get(row)));
      if (byAddress === undefined && byUfrag === undefined) continue;
      const announcement = this.announcementOf(sdp, row);
      if (announcement === null) continue;
      byAddress?.push(announcement);
      byUfrag?.push(announcement);
    }
    return wanted;
  }

  /** null where nothing tells the call. */
  private announcementOf(sdp: LayerTable<SdpColumns>, sdpRow: number): Announcement | null {
    const frame = sdp.frame.get(sdpRow);
    const sipRow = sdp.parent.get(sdpRow) - 1;
    if (sipRow < 0) {
      const section = this.verto?.sectionOf(sdpRow) ?? null;
      return section && { sdpRow, sipRow, frame, call: -1, verto: section.call, side: section.side };
    }
    const call = this.calls.callOfRow.get(sipRow) - 1;
    if (call < 0) return null;
    return { sdpRow, sipRow, frame, call, verto: null, side: this.calls.sideOf(this.calls.entries[call], sipRow) };
  }

  /** `isDestination`: the announcements are of where the stream goes, so the other side sends it. */
  private bindEnd(stream: Stream, announcements: Announcement[] | undefined, isDestination: boolean): boolean {
    if (announcements === undefined || announcements.length === 0) return false;
    // The one in force when the stream began; media can also be ahead of its signalling.
    const newest = announcements.findLast((a) => a.frame <= stream.firstFrame) ?? announcements[0];
    const chosen = this.sectionOf(stream, announcements, newest);
    // A later call on the same port must not claim media of an earlier one.
    if (this.isOver(chosen, stream)) return false;
    const ofCall = announcements.filter(
      (a) => a.call === chosen.call && a.verto === chosen.verto && a.side === chosen.side,
    );
    stream.evidence = Evidence.Signalled;
    stream.setupRow = chosen.sipRow;
    stream.call = chosen.call;
    stream.verto = chosen.verto;
    stream.fromCaller = isDestination ? chosen.side === 'callee' : chosen.side === 'caller';
    stream.payloads = this.payloadsOf(chosen, ofCall, stream);
    stream.encryption = this.encryptionOf(chosen);
    return true;
  }

  /** With BUNDLE several sections of a message name one end (RFC 9143 section 9.2): the one that has the payload type. */
  private sectionOf(stream: Stream, announcements: readonly Announcement[], newest: Announcement): Announcement {
    const sections = announcements.filter(
      ({ sipRow, frame, verto }) =>
        sipRow === newest.sipRow && verto === newest.verto && (sipRow >= 0 || frame === newest.frame),
    );
    if (sections.length === 1 || this.sdp === null) return newest;
    const { formats } = this.sdp.rows.columns;
    const type = this.firstPayloadType(stream);
    const has = ({ sdpRow }: Announcement): boolean =>
      parseFormats(this.store.strings.text(formats.get(sdpRow))).has(type);
    return sections.find(has) ?? newest;
  }

  private firstPayloadType(stream: Stream): number {
    const rtp = this.store.layer('rtp', rtpColumns);
    if (rtp === null) return -1;
    const row = rtp.firstRowOf(stream.firstFrame);
    return rtp.rows.columns.payloadType.get(row) & 0x7f;
  }

  /** Announced more than a minute after the stream had ended: not the stream's own. */
  private isOver(announcement: Announcement, stream: Stream): boolean {
    return this.store.frames.secondsBetween(stream.lastFrame, announcement.frame) > 60;
  }

  /** What the payload types mean: as in force at the start, then what later offers of the same side add. */
  private payloadsOf(chosen: Announcement, ofCall: readonly Announcement[], stream: Stream): PayloadMap {
    let payloads = this.payloadMap(chosen.sdpRow);
    for (const announcement of ofCall) {
      if (announcement === chosen || announcement.frame > stream.lastFrame) continue;
      const other = this.payloadMap(announcement.sdpRow);
      payloads = this.both(payloads, other);
    }
    // The other side may name a payload type that this one left out and that is sent all the same.
    const counterpart = this.counterpartOf(chosen);
    if (counterpart >= 0) payloads = this.both(payloads, this.payloadMap(counterpart));
    return payloads;
  }

  /**
   * The SDP row of the other side's section with the same index in the same call: that of the same exchange of offer and
   * answer where there is one, else the first; -1 where there is none.
   */
  private counterpartOf(chosen: Announcement): number {
    const sdp = this.sdp;
    if (sdp === null) return -1;
    if (chosen.verto !== null) return this.verto?.counterpartOf(chosen.sdpRow) ?? -1;
    const entry = this.calls.entries[chosen.call];
    const index = sdp.rows.columns.index.get(chosen.sdpRow);
    const { cseq } = this.calls.sip.rows.columns;
    let first = -1;
    for (let row = entry.firstRow; row >= 0; row = this.calls.nextOfRow.get(row) - 1) {
      if (this.calls.sideOf(entry, row) === chosen.side) continue;
      const isSameExchange = cseq.get(row) === cseq.get(chosen.sipRow);
      if (!isSameExchange && first >= 0) continue;
      const frame = this.calls.sip.frame.get(row);
      for (let s = sdp.firstRowOf(frame); s < sdp.count && sdp.frame.get(s) === frame; s++) {
        if (sdp.parent.get(s) - 1 !== row || sdp.rows.columns.index.get(s) !== index) continue;
        if (isSameExchange) return s;
        first = s;
      }
    }
    return first;
  }

  /** Two maps in one; streams share the few combinations that a capture has. */
  private both(first: PayloadMap, second: PayloadMap): PayloadMap {
    if (first === second) return first;
    let combined = this.combined.get(first);
    if (combined === undefined) this.combined.set(first, (combined = new Map()));
    let map = combined.get(second);
    if (map === undefined) combined.set(second, (map = first.with(second)));
    return map;
  }

  private payloadMap(sdpRow: number): PayloadMap {
    const formats = this.sdp?.rows.columns.formats.get(sdpRow) ?? 0;
    let map = this.payloadMaps.get(formats);
    if (map === undefined) {
      map = new PayloadMap();
      for (const [payloadType, format] of parseFormats(this.store.strings.text(formats))) {
        const { encoding, clockRate, channels, fmtp } = format;
        map.add(payloadType, { name: encoding, clockRate, channels, parameters: fmtp });
      }
      map = this.byHand.with(map).with(STATIC_PAYLOADS);
      this.payloadMaps.set(formats, map);
    }
    return map;
  }

  private encryptionOf(chosen: Announcement): EncryptionState | null {
    const sdp = this.sdp;
    if (sdp === null) return null;
    const { crypto, flags } = sdp.rows.columns;
    if (!this.isSecure(chosen.sdpRow)) return null;
    // An answer of RTP/AVP to an offer of RTP/SAVP means no encryption.
    const counterpart = this.counterpartOf(chosen);
    if (counterpart >= 0 && !this.isSecure(counterpart)) return null;
    const lines = this.store.strings.text(crypto.get(chosen.sdpRow));
    const sealed = { evidence: 'signalled', opening: null, keysInVain: 0, packetsTried: 0 } as const;
    if (lines !== '') return { ...sealed, suite: lines.split(/\s+/)[1] ?? null, keySource: 'sdes' };
    const isDtls = (flags.get(chosen.sdpRow) & SdpFlag.fingerprint) !== 0;
    return { ...sealed, suite: null, keySource: isDtls ? 'dtls' : null };
  }

  /** Whether a section's profile is SRTP's (RFC 3711 section 12, RFC 5124). */
  private isSecure(sdpRow: number): boolean {
    const profile = this.store.strings.text(this.sdp?.rows.columns.protocol.get(sdpRow) ?? 0);
    return profile.toUpperCase().includes('SAVP');
  }

  private destinationKey(stream: Stream): EndpointKey {
    const { flows } = this.store;
    return `${flows.destinationAddress(stream.flow)}/${flows.destinationPort(stream.flow)}`;
  }

  private sourceKey(stream: Stream): EndpointKey {
    const { flows } = this.store;
    return `${flows.sourceAddress(stream.flow)}/${flows.sourcePort(stream.flow)}`;
  }
}

/** A key beside those of ends: an interned ufrag. */
function ufragKey(ufrag: number): EndpointKey {
  return `ufrag ${ufrag}`;
}

/** The address as flows write it, or null where it is a name or 0.0.0.0. */
function addressKey(text: string): string | null {
  const v4 = parseIPv4(text);
  if (v4 > 0) return formatIPv4(v4);
  const v6 = parseIPv6(text);
  return v6 === null ? null : formatIPv6(v6, 0);
}
