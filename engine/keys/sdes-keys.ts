/** SRTP keys that SDP carries: RFC 4568. */
import { octetsOfBase64 } from '../../base/octet-text.ts';
import { SDP_COLUMNS } from '../../dissectors/sdp/columns.ts';
import { type CryptoAttribute, type CryptoKey, parseCrypto } from '../../dissectors/sdp/parse-crypto.ts';
import { SipMethod } from '../../dissectors/sip/methods.ts';
import { suiteByName } from '../../media/srtp/suites.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import type { Side } from '../trackers/calls/call.ts';
import type { CallTracker } from '../trackers/calls/call-tracker.ts';
import type { MediaKey } from './media-key.ts';

/** A key of an a=crypto line, and what its offer and answer say of it. */
export interface SdesKey extends MediaKey {
  readonly source: 'sdes';
  readonly side: 'offer' | 'answer';
  /** Which side of the call wrote it: it opens what that side sends. */
  readonly author: Side;
  /** The media section it is of, counted from 0. */
  readonly section: number;
  /** The answer took it: its own line, or the line of the offer with the answer's tag (RFC 4568 section 5.1.2). */
  isAgreed: boolean;
  /** CSeq number of the exchange of offer and answer. */
  readonly sequence: number;
}

/** Far more than any capture of calls has; a hostile one must not fill memory. */
const MAX_KEYS = 1 << 18;

/** All keys of a=crypto lines, in order of the packets. Repetitions of a message repeat no keys. */
export function sdesKeys(store: CaptureStore, calls: CallTracker): readonly SdesKey[] {
  const sdp = store.layer('sdp', SDP_COLUMNS);
  const keys: SdesKey[] = [];
  if (sdp === null) return keys;
  const { crypto, index, encryptedExtensions } = sdp.rows.columns;
  const roles = new OfferAnswer(calls);
  for (let row = 0; row < sdp.count && keys.length < MAX_KEYS; row++) {
    const lines = crypto.get(row);
    if (lines === 0) continue;
    const sipRow = sdp.parent.get(row) - 1;
    const call = sipRow < 0 ? -1 : calls.callOfRow.get(sipRow) - 1;
    if (call < 0 || calls.repeat.get(sipRow) !== 0) continue;
    const frame = sdp.frame.get(row);
    const author = calls.sideOf(calls.entries[call], sipRow);
    const { side, sequence } = roles.of(call, sipRow);
    const extensions = store.strings.text(encryptedExtensions.get(row)).split(' ').map(Number);
    for (const line of store.strings.text(lines).split('\n')) {
      const parsed = parseCrypto(line);
      if (parsed === null) continue;
      for (const { policy, lifetime } of keysOfLine(parsed, extensions)) {
        keys.push({
          source: 'sdes',
          policy,
          call,
          side,
          author,
          section: index.get(row),
          frame,
          sdpRow: row,
          tag: parsed.tag,
          lifetime,
          flow: 0,
          scope: null,
          isAgreed: side === 'answer',
          sequence,
        });
      }
    }
  }
  agree(keys);
  return keys;
}

function keysOfLine(line: CryptoAttribute, extensions: readonly number[]): Pick<SdesKey, 'policy' | 'lifetime'>[] {
  const suite = suiteByName(line.suite);
  if (suite === null) return [];
  const parameters = new Map(line.sessionParameters.map((text) => [text.split('=')[0], text.split('=')[1] ?? '']));
  const rate = Number(parameters.get('KDR') || Number.NaN);
  return line.keys.flatMap((key) => {
    const octets = octetsOfBase64(key.key);
    if (octets === null || octets.length !== suite.keyBytes + suite.saltBytes) return [];
    const policy = {
      suite,
      masterKey: octets.slice(0, suite.keyBytes),
      masterSalt: octets.slice(suite.keyBytes),
      mki: mkiOf(key),
      // RFC 4568 section 6.3.1: the rate is 2^KDR packets.
      keyDerivationRate: Number.isInteger(rate) && rate >= 0 && rate <= 24 ? 2 ** rate : 0,
      encryptsRtp: !parameters.has('UNENCRYPTED_SRTP'),
      encryptsRtcp: !parameters.has('UNENCRYPTED_SRTCP'),
      authenticatesRtp: !parameters.has('UNAUTHENTICATED_SRTP'),
      encryptedExtensions: extensions.filter((id) => Number.isInteger(id) && id > 0),
    };
    return [{ policy, lifetime: key.lifetime }];
  });
}

/** The MKI's decimal value as the octets a packet carries (RFC 4568 section 6.1). */
function mkiOf({ mki, mkiLength }: CryptoKey): Uint8Array {
  if (mki === null || mkiLength === 0 || mkiLength > 128) return new Uint8Array(0);
  const octets = new Uint8Array(mkiLength);
  let value = BigInt(mki);
  for (let i = mkiLength - 1; i >= 0; i--) {
    octets[i] = Number(value & 0xffn);
    value >>= 8n;
  }
  return octets;
}

/** Marks the lines of offers that an answer took: the same call, exchange and section, and the same tag. */
function agree(keys: readonly SdesKey[]): void {
  const nameOf = (key: SdesKey): string => `${key.call}/${key.sequence}/${key.section}/${key.tag}`;
  const answered = new Set(keys.filter((key) => key.side === 'answer').map(nameOf));
  for (const key of keys) if (key.side === 'offer' && answered.has(nameOf(key))) key.isAgreed = true;
}

/** Tells offers from answers (RFC 3264; which messages may carry them: RFC 6337 section 2.2). */
class OfferAnswer {
  private readonly calls: CallTracker;
  /** Exchanges (call, CSeq number) whose request offered. */
  private readonly requested = new Set<string>();
  /** CSeq number of the newest exchange whose response offered, by call: its ACK or PRACK answers. */
  private readonly responded = new Map<number, number>();

  constructor(calls: CallTracker) {
    this.calls = calls;
  }

  /** Asked of SIP rows with a description, in capture order. `sequence` is the CSeq number of the exchange. */
  of(call: number, sipRow: number): { side: 'offer' | 'answer'; sequence: number } {
    const c = this.calls.sip.rows.columns;
    const sequence = c.cseq.get(sipRow);
    const exchange = `${call}/${sequence}`;
    if (c.status.get(sipRow) !== 0) {
      if (this.requested.has(exchange)) return { side: 'answer', sequence };
      this.responded.set(call, sequence);
      return { side: 'offer', sequence };
    }
    const method = c.method.get(sipRow);
    const offered = this.responded.get(call);
    if (offered !== undefined && (method === SipMethod.ACK || method === SipMethod.PRACK)) {
      return { side: 'answer', sequence: offered };
    }
    this.requested.add(exchange);
    return { side: 'offer', sequence };
  }
}
