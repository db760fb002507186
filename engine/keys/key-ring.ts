import type { Capture } from '../capture.ts';
import { callId } from '../query/call-rows.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { ManualKey } from './manual-key.ts';
import type { MediaKey } from './media-key.ts';
import type { SdesKey } from './sdes-keys.ts';

/** Keys tried on a stream that nothing leads to by name. */
const MOST_STRAY_KEYS = 64;

/** The keys at hand, and whose packets each of them may open. */
export class KeyRing {
  readonly sdes: readonly SdesKey[];
  readonly dtls: readonly MediaKey[];
  readonly manual: readonly MediaKey[];
  /** All keys, in order of where they came from. */
  readonly all: readonly MediaKey[];
  private readonly capture: Capture;
  private readonly sdesOfCall = new Map<number, SdesKey[]>();
  private readonly dtlsOfFlow = new Map<number, MediaKey[]>();

  constructor(capture: Capture, sdes: readonly SdesKey[], dtls: readonly MediaKey[], manual: readonly ManualKey[]) {
    this.capture = capture;
    this.sdes = sdes;
    this.dtls = dtls;
    this.manual = manual.map(manualMediaKey);
    this.all = [...sdes, ...dtls, ...this.manual];
    for (const key of sdes) addTo(this.sdesOfCall, key.call, key);
    for (const key of dtls) addTo(this.dtlsOfFlow, key.flow, key);
  }

  get size(): number {
    return this.all.length;
  }

  /**
   * Keys that may open a stream, the likeliest first: those entered for it, those that its sender said or agreed on, the
   * other side's (relays turn keys round). Which one is right is for authentication to decide.
   */
  likelyFor(stream: Stream): MediaKey[] {
    const meant = this.manual.filter(({ scope }) => scope !== null && isMeant(this.capture, stream, scope));
    const anybodys = this.manual.filter(({ scope }) => scope === null);
    const { reverse } = this.capture.store.flows;
    const dtls = [...(this.dtlsOfFlow.get(stream.flow) ?? []), ...(this.dtlsOfFlow.get(reverse[stream.flow]) ?? [])];
    return [...meant, ...dtls, ...this.sdesFor(stream), ...anybodys];
  }

  /** Keys of others, for a stream that nothing says anything of: media takes ways that signalling does not know. */
  strayFor(stream: Stream, likely: readonly MediaKey[]): MediaKey[] {
    if (stream.call >= 0 && stream.encryption === null) return [];
    const stray: MediaKey[] = [];
    for (const keys of [this.dtls, this.sdes]) {
      for (let i = 0; i < keys.length && stray.length < MOST_STRAY_KEYS; i++) {
        if (!likely.includes(keys[i])) stray.push(keys[i]);
      }
    }
    return stray;
  }

  /** Of the stream's call: what its sender wrote, newest before its first packet first; then the rest. */
  private sdesFor(stream: Stream): SdesKey[] {
    const ofCall = this.sdesOfCall.get(stream.call);
    if (ofCall === undefined) return [];
    const author = stream.fromCaller === null ? null : stream.fromCaller ? 'caller' : 'callee';
    const rank = (key: SdesKey): number =>
      (author === null || key.author === author ? 0 : 4) +
      (key.isAgreed ? 0 : 2) +
      (key.frame <= stream.firstFrame ? 0 : 1);
    const late = (key: SdesKey): number => (key.frame <= stream.firstFrame ? -key.frame : key.frame);
    return ofCall.toSorted((a, b) => rank(a) - rank(b) || late(a) - late(b));
  }
}

function addTo<Key>(map: Map<number, Key[]>, name: number, key: Key): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [key]);
  else list.push(key);
}

/** A key entered by hand, as the others are kept. */
export function manualMediaKey({ scope, suite, masterKey, masterSalt }: ManualKey): MediaKey {
  const isForAll = scope.ssrc === null && scope.endpoint === null && scope.call === null;
  return {
    source: 'manual',
    policy: {
      suite,
      masterKey,
      masterSalt,
      mki: new Uint8Array(0),
      keyDerivationRate: 0,
      encryptsRtp: true,
      encryptsRtcp: true,
      authenticatesRtp: true,
      encryptedExtensions: [],
    },
    call: -1,
    side: null,
    frame: -1,
    sdpRow: -1,
    tag: -1,
    lifetime: null,
    flow: 0,
    scope: isForAll ? null : scope,
  };
}

/** Whether a key with this scope is meant for a stream. */
export function isMeant({ store, calls }: Capture, stream: Stream, scope: NonNullable<MediaKey['scope']>): boolean {
  if (scope.ssrc !== null && scope.ssrc !== stream.ssrc) return false;
  if (scope.endpoint !== null) {
    const { flows } = store;
    const ends = [flows.sourceEndpoint(stream.flow), flows.destinationEndpoint(stream.flow)];
    if (!ends.includes(scope.endpoint)) return false;
  }
  if (scope.call === null) return true;
  if (stream.call < 0) return false;
  const call = calls.entries[stream.call];
  return scope.call === callId(call) || scope.call === store.strings.text(call.callId);
}
