import { Octets } from '../../../base/octets.ts';
import { SDP_COLUMNS } from '../../../dissectors/sdp/columns.ts';
import type { Candidate } from '../../../dissectors/sdp/parse-candidate.ts';
import { parseSdp } from '../../../dissectors/sdp/parse-sdp.ts';
import { SipFlag } from '../../../dissectors/sip/columns.ts';
import { SipMethod } from '../../../dissectors/sip/methods.ts';
import type { Capture } from '../../capture.ts';
import { Turns } from '../../filter/turns.ts';
import { FrameReader } from '../../store/frame-reader.ts';
import type { Side } from '../calls/call.ts';
import { MOST_DESCRIPTIONS } from './ice-timing.ts';

/** What one media section of a message says of ICE. */
export interface IceDescription {
  readonly frame: number;
  /** Call index. */
  readonly call: number;
  readonly side: Side;
  readonly isRequest: boolean;
  /** Its own ufrag, or that of the session; '' where there is none. */
  readonly ufrag: string;
  readonly pwd: string;
  readonly isLite: boolean;
  /** Which section, from 0. */
  readonly section: number;
  readonly mid: string;
  readonly setup: string;
  /** `sha-256 AB:CD:…` */
  readonly fingerprints: readonly string[];
  readonly candidates: readonly Candidate[];
  /** From a body that trickles (RFC 8840) rather than a session description. */
  readonly isTrickled: boolean;
}

const ROWS_TOGETHER = 256;
/** Longer ones are no session descriptions. */
const MOST_TEXT = 128 << 10;
const MOST_SECTIONS = 64;
const MOST_FINGERPRINTS = 8;
const MOST_CANDIDATES_OF_SECTION = 64;

/**
 * Reads back the messages whose session descriptions have ufrags, and those that trickle candidates, in order of the
 * packets. Rejects with an AbortError when cancelled.
 */
export async function readDescriptions(capture: Capture, signal?: AbortSignal): Promise<IceDescription[]> {
  const { calls, store, source } = capture;
  const rows = wantedRows(capture);
  const reader = new FrameReader(source, store.frames);
  const turns = new Turns(signal);
  const frame = new Octets(new Uint8Array(0));
  const found: IceDescription[] = [];
  const { sip } = calls;
  for (let from = 0; from < rows.length; from += ROWS_TOGETHER) {
    const some = rows.slice(from, from + ROWS_TOGETHER);
    await reader.load(some.map((row) => sip.frame.get(row)));
    for (const row of some) {
      const pieces = sip.pieces.get(row);
      if (pieces === undefined && !reader.read(sip.frame.get(row), frame)) continue;
      const octets = pieces === undefined ? frame.sub(sip.atOf(row)) : await reader.pieces(pieces);
      takeMessage(capture, row, octets.sub(0, Math.min(octets.length, MOST_TEXT)).text(), found);
    }
    await turns.wait();
  }
  return found;
}

/** SIP rows, each once, in order, that have not been seen before. */
function wantedRows({ calls, store }: Capture): number[] {
  const { sip } = calls;
  const wanted = new Set<number>();
  const sdp = store.layer('sdp', SDP_COLUMNS);
  if (sdp === null) return [];
  for (let row = 0; row < sdp.count && wanted.size < MOST_DESCRIPTIONS; row++) {
    const sipRow = sdp.parent.get(row) - 1;
    if (sdp.rows.columns.ufrag.get(row) !== 0 && sipRow >= 0 && calls.repeat.get(sipRow) === 0) wanted.add(sipRow);
  }
  // Without a description there is nothing to add candidates to.
  if (wanted.size === 0) return [];
  const { method, flags, status } = sip.rows.columns;
  for (let row = 0; row < sip.count && wanted.size < MOST_DESCRIPTIONS; row++) {
    const isTrickling = method.get(row) === SipMethod.INFO && status.get(row) === 0;
    if (isTrickling && (flags.get(row) & SipFlag.otherBody) !== 0 && calls.repeat.get(row) === 0) wanted.add(row);
  }
  return [...wanted].toSorted((a, b) => a - b);
}

function takeMessage({ calls }: Capture, row: number, message: string, found: IceDescription[]): void {
  const call = calls.callOfRow.get(row) - 1;
  const end = /\r?\n\r?\n/.exec(message);
  if (call < 0 || end === null) return;
  const head = message.slice(0, end.index);
  const isTrickled = /^(?:content-type|c)\s*:\s*application\/trickle-ice-sdpfrag/im.test(message);
  const isRequest = calls.sip.rows.columns.status.get(row) === 0;
  if (!isTrickled && isRequest && calls.sip.rows.columns.method.get(row) === SipMethod.INFO) return;
  const length = /^(?:content-length|l)\s*:\s*(\d{1,9})\s*$/im.exec(head);
  const body = message.slice(end.index + end[0].length);
  const { attributes: session, media } = parseSdp(length === null ? body : body.slice(0, Number(length[1])));
  const common = {
    frame: calls.sip.frame.get(row),
    call,
    side: calls.sideOf(calls.entries[call], row),
    isRequest,
    isLite: session.iceLite,
    isTrickled,
  };
  // A fragment may have its candidates before any section (RFC 8840 section 9).
  const sections = media.length === 0 ? [session] : media.slice(0, MOST_SECTIONS).map(({ attributes }) => attributes);
  sections.forEach((attributes, section) => {
    found.push({
      ...common,
      ufrag: attributes.iceUfrag || session.iceUfrag,
      pwd: attributes.icePwd || session.icePwd,
      section,
      mid: attributes.mid,
      setup: attributes.setup || session.setup,
      fingerprints: (attributes.fingerprints.length > 0 ? attributes : session).fingerprints
        .slice(0, MOST_FINGERPRINTS)
        .map(({ hash, value }) => `${hash.toLowerCase()} ${value.toUpperCase()}`),
      candidates: attributes.candidates.slice(0, MOST_CANDIDATES_OF_SECTION),
    });
  });
}
